/* Memory from the system: chunks of 2 MiB, each cut into 32 slabs of 64 KiB.

   Python's own allocator returns empty arenas to the system, and every step of a training loop
   then pays for a thousand page faults; here SPARE_CHUNKS empty ones are kept. The memory of a
   larger graph goes back to the system when the graph is freed. When the program then makes another
   one as large, more will come: from now on their memory is kept too, until a longer row of smaller
   graphs shows that it is not needed. */

#ifndef AUTOGRAD_CHUNK_H
#define AUTOGRAD_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#endif

enum {
    SLAB_BYTES = 64 * 1024,
    CHUNK_BYTES = 2 * 1024 * 1024,
    SLABS_OF_CHUNK = CHUNK_BYTES / SLAB_BYTES,
    SPARE_CHUNKS = 64, /* 128 MiB, a graph of a million and a half of operations */
    PATIENCE = 4       /* that row's volume, over that of the chunks that are kept */
};

typedef struct Chunk {
    char *memory;
    struct Chunk *previous, *next;
    int empty_slabs;
} Chunk;

/* The head of a slab stands at its start, at a multiple of SLAB_BYTES: the address of a cell tells
   its slab. */
typedef struct Slab {
    struct Cell *returned;        /* cells that were freed, the last one first */
    char *fresh, *end;            /* cells that were never used since the slab was empty */
    uint32_t live;                /* cells in use */
    uint32_t size;                /* bytes of a cell */
    bool full;                    /* neither the current slab of its size nor in `partly_used` */
    struct Slab *previous, *next; /* in `partly_used` or in `empty` */
    Chunk *chunk;
} Slab;

static Chunk *chunks; /* all of them */
static Slab *empty;   /* slabs without a cell in use, the last one first */

static int empty_chunks;
static int spare_chunks = SPARE_CHUNKS; /* so many empty ones stay */
static int given_back;                  /* chunks that went back and were not asked for again */
static int least_empty, slabs_used;     /* since `drop_unused` looked last */

static void list_push(Slab **list, Slab *slab) {
    slab->previous = NULL;
    slab->next = *list;
    if (*list != NULL)
        (*list)->previous = slab;
    *list = slab;
}

static void list_remove(Slab **list, Slab *slab) {
    if (slab->previous != NULL)
        slab->previous->next = slab->next;
    else
        *list = slab->next;
    if (slab->next != NULL)
        slab->next->previous = slab->previous;
}

/* --- from the system and back ------------------------------------------------------------------ */

static char *memory_from_system(void) {
#if defined(_WIN32)
    return VirtualAlloc(NULL, CHUNK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
    int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *memory = mmap(NULL, CHUNK_BYTES, protection, flags, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if ((uintptr_t)memory % CHUNK_BYTES != 0) { /* ask for two and give back what is too much */
        munmap(memory, CHUNK_BYTES);
        memory = mmap(NULL, 2 * (size_t)CHUNK_BYTES, protection, flags, -1, 0);
        if (memory == MAP_FAILED)
            return NULL;
        size_t before = (CHUNK_BYTES - (uintptr_t)memory % CHUNK_BYTES) % CHUNK_BYTES;
        if (before != 0)
            munmap(memory, before);
        munmap(memory + before + CHUNK_BYTES, CHUNK_BYTES - before);
        memory += before;
    }
#if defined(MADV_HUGEPAGE)
    madvise(memory, CHUNK_BYTES, MADV_HUGEPAGE); /* one page fault instead of 512, where it works */
#endif
    return memory;
#endif
}

static void memory_to_system(char *memory) {
#if defined(_WIN32)
    VirtualFree(memory, 0, MEM_RELEASE);
#else
    munmap(memory, CHUNK_BYTES);
#endif
}

static bool add_chunk(void) {
    Chunk *chunk = malloc(sizeof(Chunk));
    char *memory = chunk == NULL ? NULL : memory_from_system();
    if (memory == NULL) {
        free(chunk);
        return false;
    }
    chunk->memory = memory;
    chunk->previous = NULL;
    chunk->next = chunks;
    if (chunks != NULL)
        chunks->previous = chunk;
    chunks = chunk;
    chunk->empty_slabs = SLABS_OF_CHUNK;
    empty_chunks++;
    if (given_back > 0) { /* it had better stayed */
        given_back--;
        spare_chunks++;
    }
    for (int i = SLABS_OF_CHUNK - 1; i >= 0; i--) {
        Slab *slab = (Slab *)(memory + (size_t)i * SLAB_BYTES);
        slab->chunk = chunk;
        slab->live = 0;
        list_push(&empty, slab);
    }
    return true;
}

static void drop_chunk(Chunk *chunk) {
    for (int i = 0; i < SLABS_OF_CHUNK; i++)
        list_remove(&empty, (Slab *)(chunk->memory + (size_t)i * SLAB_BYTES));
    if (chunk->previous != NULL)
        chunk->previous->next = chunk->next;
    else
        chunks = chunk->next;
    if (chunk->next != NULL)
        chunk->next->previous = chunk->previous;
    memory_to_system(chunk->memory);
    free(chunk);
    empty_chunks--;
    given_back++;
}

/* From time to time: give back what was not used meanwhile, but for SPARE_CHUNKS. */
static void drop_unused(void) {
    Chunk *next;
    for (Chunk *chunk = chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        bool unused = least_empty > 0 && spare_chunks > SPARE_CHUNKS;
        if (unused && chunk->empty_slabs == SLABS_OF_CHUNK) {
            drop_chunk(chunk);
            least_empty--;
            spare_chunks--;
        }
    }
    least_empty = empty_chunks;
    slabs_used = 0;
}

/* A slab was taken, or all cells of one were used and freed. */
static void note_use(void) {
    if (++slabs_used > PATIENCE * SLABS_OF_CHUNK * spare_chunks)
        drop_unused();
}

static Slab *take_slab(void) {
    note_use();
    if (empty == NULL && !add_chunk())
        return NULL;
    Slab *slab = empty;
    list_remove(&empty, slab);
    if (slab->chunk->empty_slabs-- == SLABS_OF_CHUNK && --empty_chunks < least_empty)
        least_empty = empty_chunks;
    return slab;
}

static void give_slab(Slab *slab) {
    list_push(&empty, slab);
    if (++slab->chunk->empty_slabs == SLABS_OF_CHUNK && ++empty_chunks > spare_chunks)
        drop_chunk(slab->chunk);
}

#endif

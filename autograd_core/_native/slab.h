/* Memory for nodes: cells of one size side by side in slabs.

   A chunk of 2 MiB comes from the system and is cut into 32 slabs of 64 KiB; a slab serves cells of
   one size. A slab that has become empty hands its cells out in the order of their addresses
   again, so that a graph that is built anew lies in memory in the order in which it is walked.
   Python's own allocator returns empty arenas to the system, and every step of a training loop
   then pays for a thousand page faults; here SPARE_CHUNKS stay.

   All calls are made with the interpreter's lock held. With -DAUTOGRAD_NO_SLABS every cell is a
   block of malloc, so that the sanitizers see it. */

#ifndef AUTOGRAD_SLAB_H
#define AUTOGRAD_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#if defined(__GNUC__)
#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define PREFETCH(address)   __builtin_prefetch(address, 1)
#define INLINE              static inline __attribute__((always_inline))
#else
#define LIKELY(condition)   (condition)
#define UNLIKELY(condition) (condition)
#define PREFETCH(address)   ((void)(address))
#define INLINE              static inline
#endif

/* At most LARGEST_CELL bytes; NULL where the system has no memory left. */
INLINE void *cell_alloc(size_t bytes);
INLINE void cell_free(void *cell);
/* A cell is about to be used whose neighbours before it will be next. */
static inline void fetch_before(const void *cell);
/* The cells in use, their bytes, and the bytes taken from the system for them. */
static void memory_held(size_t *cells, size_t *bytes, size_t *taken);

#if defined(AUTOGRAD_NO_SLABS)

enum { LARGEST_CELL = 4096 };
static size_t cells_in_use;

INLINE void *cell_alloc(size_t bytes) {
    void *cell = malloc(bytes);
    cells_in_use += cell != NULL;
    return cell;
}

INLINE void cell_free(void *cell) {
    cells_in_use--;
    free(cell);
}

static inline void fetch_before(const void *cell) {
    (void)cell; /* malloc's blocks lie anywhere */
}

static void memory_held(size_t *cells, size_t *bytes, size_t *taken) {
    *cells = cells_in_use;
    *bytes = *taken = 0; /* malloc does not tell */
}

#else

enum {
    SLAB_BYTES = 64 * 1024,
    CHUNK_BYTES = 2 * 1024 * 1024,
    SLABS_OF_CHUNK = CHUNK_BYTES / SLAB_BYTES,
    SPARE_CHUNKS = 64, /* empty ones that are kept: 128 MiB, the graph of a million operations */
    CELL_STEP = 16,    /* sizes are multiples of this */
    LARGEST_CELL = 4096,
    SIZES = LARGEST_CELL / CELL_STEP + 1
};

typedef struct Cell {
    struct Cell *next;
} Cell;

typedef struct Chunk {
    char *memory;
    struct Chunk *previous, *next;
    int empty_slabs;
} Chunk;

/* The head of a slab stands at its start, at a multiple of SLAB_BYTES: the address of a cell tells
   its slab. */
typedef struct Slab {
    Cell *returned;               /* cells that were freed, the last one first */
    char *fresh, *end;            /* cells that were never used since the slab was empty */
    uint32_t live;                /* cells in use */
    uint32_t size;                /* bytes of a cell */
    bool full;                    /* neither the current slab of its size nor in `partly_used` */
    struct Slab *previous, *next; /* in `partly_used` or in `empty` */
    Chunk *chunk;
} Slab;

/* A graph lies in memory in the order of its making; it is walked, and freed, from the end. The cells
   that come next are fetched ahead, two lines each, of all but the smallest graphs. */
enum { NEAR = 4096, AHEAD = 2048, BEHIND = 768, LINE = 64 };

static inline bool is_far_in_slab(const void *cell) {
    return ((uintptr_t)cell & (SLAB_BYTES - 1)) > NEAR;
}

static inline void fetch_beyond(const char *cell) {
    if (is_far_in_slab(cell)) {
        PREFETCH(cell + AHEAD);
        PREFETCH(cell + AHEAD + LINE);
    }
}

static inline void fetch_before(const void *cell) {
    if (is_far_in_slab(cell)) {
        PREFETCH((const char *)cell - BEHIND);
        PREFETCH((const char *)cell - BEHIND + LINE);
    }
}

static Slab *current[SIZES];     /* where the next cell of a size comes from */
static Slab *partly_used[SIZES]; /* others of that size with free cells */
static Slab *empty;              /* slabs of no size */
static Chunk *chunks;            /* all of them */
static int empty_chunks;

static inline int size_class(size_t bytes) {
    return (int)((bytes + CELL_STEP - 1) / CELL_STEP);
}

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

/* --- chunks, from the system and back ------------------------------------------------------- */

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
}

/* --- cells ------------------------------------------------------------------------------------ */

enum { SLAB_HEAD = (sizeof(Slab) + 63) / 64 * 64 }; /* cells begin at a cache line */

static inline void make_sequential(Slab *slab) {
    slab->returned = NULL;
    slab->fresh = (char *)slab + SLAB_HEAD;
}

/* A cell where the current slab of its size has none left, or where there is no such slab. */
static void *cell_from_next_slab(int class) {
    Slab *slab = current[class];
    if (slab != NULL)
        slab->full = true;
    slab = partly_used[class];
    if (slab != NULL) {
        list_remove(&partly_used[class], slab);
    } else {
        if (empty == NULL && !add_chunk()) {
            if (current[class] != NULL)
                current[class]->full = false;
            return NULL;
        }
        slab = empty;
        list_remove(&empty, slab);
        if (slab->chunk->empty_slabs-- == SLABS_OF_CHUNK)
            empty_chunks--;
        slab->size = (uint32_t)(class * CELL_STEP);
        make_sequential(slab);
        slab->end = slab->fresh + (SLAB_BYTES - SLAB_HEAD) / slab->size * slab->size;
    }
    slab->full = false;
    current[class] = slab;
    void *cell = slab->returned;
    if (cell != NULL) {
        slab->returned = slab->returned->next;
    } else {
        cell = slab->fresh;
        slab->fresh += slab->size;
    }
    slab->live++;
    return cell;
}

/* A slab that was full has a free cell now, or one is empty. */
static void slab_changed(Slab *slab) {
    int class = (int)(slab->size / CELL_STEP);
    if (slab == current[class]) {
        make_sequential(slab);
    } else if (slab->live > 0) {
        slab->full = false;
        list_push(&partly_used[class], slab);
    } else {
        if (!slab->full)
            list_remove(&partly_used[class], slab);
        list_push(&empty, slab);
        if (++slab->chunk->empty_slabs == SLABS_OF_CHUNK && ++empty_chunks > SPARE_CHUNKS)
            drop_chunk(slab->chunk);
    }
}

INLINE void *cell_alloc(size_t bytes) {
    int class = size_class(bytes);
    Slab *slab = current[class];
    if (LIKELY(slab != NULL)) {
        Cell *cell = slab->returned;
        if (cell != NULL) {
            slab->returned = cell->next;
            slab->live++;
            return cell;
        }
        if (LIKELY(slab->fresh < slab->end)) {
            cell = (Cell *)slab->fresh;
            slab->fresh += slab->size;
            slab->live++;
            fetch_beyond(slab->fresh);
            return cell;
        }
    }
    return cell_from_next_slab(class);
}

INLINE void cell_free(void *cell) {
    Slab *slab = (Slab *)((uintptr_t)cell & ~(uintptr_t)(SLAB_BYTES - 1));
    ((Cell *)cell)->next = slab->returned;
    slab->returned = cell;
    if (UNLIKELY(--slab->live == 0 || slab->full))
        slab_changed(slab);
}

/* --- what is held ------------------------------------------------------------------------------ */

static void memory_held(size_t *cells, size_t *bytes, size_t *taken) {
    *cells = *bytes = *taken = 0;
    for (Chunk *chunk = chunks; chunk != NULL; chunk = chunk->next) {
        *taken += CHUNK_BYTES;
        if (chunk->empty_slabs == SLABS_OF_CHUNK)
            continue;
        for (int i = 0; i < SLABS_OF_CHUNK; i++) {
            Slab *slab = (Slab *)(chunk->memory + (size_t)i * SLAB_BYTES);
            if (slab->live > 0) {
                *cells += slab->live;
                *bytes += (size_t)slab->live * slab->size;
            }
        }
    }
}

#endif /* AUTOGRAD_NO_SLABS */
#endif

/* Memory for nodes: cells of one size side by side in a slab.

   A slab that has become empty hands its cells out in the order of their addresses again, so that a
   graph that is built anew lies in memory in the order in which it is walked.

   All calls are made with the interpreter's lock held. With -DAUTOGRAD_NO_SLABS every cell is a
   block of malloc, so that the sanitizers see it. */

#ifndef AUTOGRAD_SLAB_H
#define AUTOGRAD_SLAB_H

#include <stddef.h>
#include <stdlib.h>

#include "compiler.h"

/* At most LARGEST_CELL bytes; NULL where the system has no memory left. */
INLINE void *cell_alloc(size_t bytes);
INLINE void cell_free(void *cell);
/* A cell is about to be used whose neighbours before it will be next; `used` counts the cells of
   one walk. (Were this not inlined, gcc would take it for a call without effect.) */
INLINE void fetch_before(const void *cell, size_t used);
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

INLINE void fetch_before(const void *cell, size_t used) {
    (void)cell, (void)used; /* malloc's blocks lie anywhere */
}

static void memory_held(size_t *cells, size_t *bytes, size_t *taken) {
    *cells = cells_in_use;
    *bytes = *taken = 0; /* malloc does not tell */
}

#else

#include "chunk.h"

enum {
    CELL_STEP = 16, /* sizes are multiples of this */
    LARGEST_CELL = 4096,
    SIZES = LARGEST_CELL / CELL_STEP + 1
};

typedef struct Cell {
    struct Cell *next;
} Cell;

static Slab *current[SIZES];     /* where the next cell of a size comes from */
static Slab *partly_used[SIZES]; /* others of that size with free cells */

static inline int size_class(size_t bytes) {
    return (int)((bytes + CELL_STEP - 1) / CELL_STEP);
}

/* A graph lies in memory in the order of its making; it is walked, and freed, from the end. The cells
   that come next are fetched ahead, two lines each; the smallest graphs are in the cache anyway. */
enum { AHEAD = 2048, BEHIND = 1024, LINE = 64, SMALLEST = 64 };

INLINE void fetch_beyond(const char *cell) {
    PREFETCH((uintptr_t)cell + AHEAD);
    PREFETCH((uintptr_t)cell + AHEAD + LINE);
}

INLINE void fetch_before(const void *cell, size_t used) {
    if (used > SMALLEST) {
        PREFETCH((uintptr_t)cell - BEHIND);
        PREFETCH((uintptr_t)cell - BEHIND + LINE);
    }
}

enum { SLAB_HEAD = (sizeof(Slab) + 63) / 64 * 64 }; /* cells begin at a cache line */

static inline void make_sequential(Slab *slab) {
    slab->returned = NULL;
    slab->fresh = (char *)slab + SLAB_HEAD;
}

/* A cell where the current slab of its size has none left, or where there is no such slab. */
static void *cell_from_next_slab(int class) {
    Slab *slab = partly_used[class];
    if (slab != NULL) {
        list_remove(&partly_used[class], slab);
    } else {
        slab = take_slab();
        if (slab == NULL)
            return NULL;
        slab->size = (uint32_t)(class * CELL_STEP);
        make_sequential(slab);
        slab->end = slab->fresh + (SLAB_BYTES - SLAB_HEAD) / slab->size * slab->size;
    }
    slab->full = false;
    if (current[class] != NULL)
        current[class]->full = true;
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
        note_use();
    } else if (slab->live > 0) {
        slab->full = false;
        list_push(&partly_used[class], slab);
    } else {
        if (!slab->full)
            list_remove(&partly_used[class], slab);
        give_slab(slab);
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

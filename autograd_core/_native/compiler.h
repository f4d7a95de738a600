/* What compilers offer beyond C11, where they do. */

#ifndef AUTOGRAD_COMPILER_H
#define AUTOGRAD_COMPILER_H

#if defined(__GNUC__)
#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define PREFETCH(address)   __builtin_prefetch((const void *)(address), 1)
#define INLINE              static inline __attribute__((always_inline))
#else
#define LIKELY(condition)   (condition)
#define UNLIKELY(condition) (condition)
#define PREFETCH(address)   ((void)(address))
#define INLINE              static inline
#endif

#endif

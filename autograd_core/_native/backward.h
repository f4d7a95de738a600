/* The backward sweep (backward.py in C): the same additions in the same order, so that gradients
   are equal bit for bit. It allocates nothing and cannot fail.

   A node hands its adjoint on when all its consumers have handed it theirs. Every node knows how
   many consumers it has; as a rule all of them lie below the root, and one pass is enough. Where a
   node is consumed outside the graph too, `remaining` never comes down to 0: then the consumers
   inside are counted, by a walk from the root, and the pass is made again. */

#ifndef AUTOGRAD_BACKWARD_H
#define AUTOGRAD_BACKWARD_H

#include "node.h"

/* What a node that waits for consumers keeps in words that are free just then. */
static inline uint64_t remaining(const Node *node) {
    return (uint64_t)(uintptr_t)node->link;
}

static inline void set_remaining(Node *node, uint64_t consumers) {
    node->link = (Node *)(uintptr_t)consumers;
}

static inline uint64_t counted(const Node *node) {
    uint64_t consumers;
    memcpy(&consumers, &node->grad, sizeof consumers);
    return consumers;
}

static inline void set_counted(Node *node, uint64_t consumers) {
    memcpy(&node->grad, &consumers, sizeof consumers);
}

/* A leaf that gets its first contribution: the gradient it had is put aside. */
static inline void open_leaf(Node *leaf, Node **leaves) {
    leaf->flags |= WAITING;
    leaf->grad_before = leaf->grad;
    leaf->grad = 0.0;
    leaf->link = *leaves;
    *leaves = leaf;
}

/* One pass from the root. Returns how many nodes still wait for consumers at its end, which are
   outside of the graph; `leaves` links the leaves that were reached. */
static size_t hand_down(Node *root, Node **leaves) {
    size_t waiting = 0;
    Node *ready = root;
    root->grad = 1.0;
    root->link = NULL;
    while (ready != NULL) {
        Node *node = ready;
        ready = node->link;
        fetch_before(node);
        double upstream = node->grad;
        bool flows = upstream != 0.0; /* the strong zero: 0 hands down 0, whatever the partial */
        for (Slot *slot = node->slots, *end = slot + node->count; slot < end; slot++) {
            Node *operand = slot->operand;
            if (operand == NULL)
                continue;
            double share = LIKELY(flows) ? upstream * slot->number : 0.0;
            if (operand->count == 0) {
                if (!(operand->flags & WAITING))
                    open_leaf(operand, leaves);
                operand->grad += share;
                continue;
            }
            if (operand->flags & WAITING) {
                operand->grad += share;
            } else {
                uint64_t consumers = operand->consumers;
                if (operand->flags & COUNTED) {
                    consumers = counted(operand);
                    operand->flags &= ~(unsigned)COUNTED;
                }
                operand->grad = 0.0 + share;
                if (consumers == 1) {
                    operand->link = ready;
                    ready = operand;
                    continue;
                }
                operand->flags |= WAITING;
                set_remaining(operand, consumers);
                waiting++;
            }
            set_remaining(operand, remaining(operand) - 1);
            if (remaining(operand) == 0) {
                operand->flags &= ~(unsigned)WAITING;
                waiting--;
                operand->link = ready;
                ready = operand;
            }
        }
    }
    return waiting;
}

/* Undo an unfinished pass, and count for every node its consumers below the root. */
static void count_consumers(Node *root, Node *leaves) {
    for (; leaves != NULL; leaves = leaves->link) {
        leaves->grad = leaves->grad_before;
        leaves->op = NULL;
        leaves->flags &= ~(unsigned)WAITING;
    }
    Node *met = root;
    root->link = NULL;
    while (met != NULL) {
        Node *node = met;
        met = node->link;
        for (Slot *slot = node->slots, *end = slot + node->count; slot < end; slot++) {
            Node *operand = slot->operand;
            if (operand == NULL || operand->count == 0)
                continue;
            if (operand->flags & COUNTED) {
                set_counted(operand, counted(operand) + 1);
                continue;
            }
            operand->flags = (operand->flags & ~(unsigned)WAITING) | COUNTED;
            set_counted(operand, 1);
            operand->link = met;
            met = operand;
        }
    }
}

static void sweep(Node *root) {
    Node *leaves = NULL;
    if (root->count == 0) {
        root->grad += 1.0;
        return;
    }
    if (UNLIKELY(hand_down(root, &leaves) > 0)) {
        count_consumers(root, leaves);
        leaves = NULL;
        hand_down(root, &leaves);
    }
    for (; leaves != NULL; leaves = leaves->link) {
        leaves->flags &= ~(unsigned)WAITING;
        leaves->grad = leaves->grad_before + leaves->grad;
        leaves->op = NULL;
    }
}

#endif

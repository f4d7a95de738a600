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
    return (uint64_t)(uintptr_t)link_of(node);
}

static inline void set_remaining(Node *node, uint64_t consumers) {
    set_link(node, (Node *)(uintptr_t)consumers);
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
    leaf->slots[0] = (Slot){*leaves, leaf->grad};
    leaf->grad = 0.0;
    *leaves = leaf;
}

/* One pass from the root. Returns how many nodes still wait for consumers at its end, which are
   outside of the graph; `leaves` links the leaves that were reached. */
static size_t hand_down(Node *root, Node **leaves) {
    size_t waiting = 0, used = 0;
    Node *ready = root;
    root->grad = 1.0;
    set_link(root, NULL);
    while (ready != NULL) {
        Node *node = ready;
        ready = link_of(node);
        Py_SET_TYPE((PyObject *)node, value_type);
        fetch_before(node, ++used);
        double upstream = node->grad;
        bool flows = upstream != 0.0; /* the strong zero: 0 hands down 0, whatever the partial */
        for (Slot *slot = node->slots, *end = slot + node_count(node); slot < end; slot++) {
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
                    operand->flags &= (uint8_t)~COUNTED;
                }
                operand->grad = 0.0 + share; /* a sum begins at 0, which turns −0 into 0 */
                if (consumers == 1) {
                    set_link(operand, ready);
                    ready = operand;
                    continue;
                }
                operand->flags |= WAITING;
                set_remaining(operand, consumers);
                waiting++;
            }
            set_remaining(operand, remaining(operand) - 1);
            if (remaining(operand) == 0) {
                operand->flags &= (uint8_t)~WAITING;
                waiting--;
                set_link(operand, ready);
                ready = operand;
            }
        }
    }
    return waiting;
}

/* Undo an unfinished pass, and count for every node its consumers below the root. */
static void count_consumers(Node *root, Node *leaves) {
    for (; leaves != NULL; leaves = leaves->slots[0].operand) {
        leaves->grad = leaves->slots[0].number;
        leaves->flags &= (uint8_t)~WAITING;
    }
    Node *met = root;
    set_link(root, NULL);
    while (met != NULL) {
        Node *node = met;
        met = link_of(node);
        Py_SET_TYPE((PyObject *)node, value_type);
        for (Slot *slot = node->slots, *end = slot + node_count(node); slot < end; slot++) {
            Node *operand = slot->operand;
            if (operand == NULL || operand->count == 0)
                continue;
            if (operand->flags & COUNTED) {
                set_counted(operand, counted(operand) + 1);
                continue;
            }
            operand->flags = (operand->flags & (uint8_t)~WAITING) | COUNTED;
            set_counted(operand, 1);
            set_link(operand, met);
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
    for (; leaves != NULL; leaves = leaves->slots[0].operand) {
        leaves->flags &= (uint8_t)~WAITING;
        leaves->grad = leaves->slots[0].number + leaves->grad;
    }
}

#endif

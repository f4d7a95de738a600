/* The backward sweep (backward.py in C): the same additions in the same order, so that gradients
   are equal bit for bit. It allocates nothing and cannot fail. */

#ifndef AUTOGRAD_BACKWARD_H
#define AUTOGRAD_BACKWARD_H

#include "node.h"

/* While a node lies on the path of the depth-first walk, its `grad` is free (it is assigned later)
   and holds the place of the operand that comes next. */
static inline uint64_t place_of(const Node *node)
{
    uint64_t place;
    memcpy(&place, &node->grad, sizeof place);
    return place;
}

static inline void set_place(Node *node, uint64_t place)
{
    memcpy(&node->grad, &place, sizeof place);
}

/* Every node below `root`, once, linked so that each stands before its operands: the reverse of
   `graph.topological_order`, left operand first. Adjoints are 0 then; the gradient that a leaf had
   is put aside, as its adjoint gathers in `grad` too. */
static Node *reverse_order(Node *root)
{
    Node *order = NULL, *path = NULL, *node = root;
    root->flags |= MARKED;
    uint64_t place = 0;
    for (;;) {
        /* `node` has been met; its operands before `place` are in the order */
        Node *next = NULL;
        while (place < node->count) {
            Node *operand = node->slots[place++].operand;
            if (operand == NULL || operand->flags & MARKED)
                continue;
            operand->flags |= MARKED;
            if (operand->count == 0) {
                operand->grad_before = operand->grad;
                operand->grad = 0.0;
                operand->link = order;
                order = operand;
                continue;
            }
            next = operand;
            break;
        }
        if (next != NULL) {
            set_place(node, place);
            node->link = path;
            path = node;
            node = next;
            place = 0;
            continue;
        }
        if (node->count == 0) /* the root is a leaf */
            node->grad_before = node->grad;
        node->grad = 0.0;
        node->link = order;
        order = node;
        if (path == NULL)
            return order;
        node = path;
        path = node->link;
        place = place_of(node);
    }
}

static void sweep(Node *root)
{
    Node *node = reverse_order(root);
    root->grad = 1.0;
    for (; node != NULL; node = node->link) {
        node->flags &= ~(uint32_t)MARKED;
        double upstream = node->grad;
        if (node->count == 0) {
            node->grad = node->grad_before + upstream;
            node->op = NULL;
            continue;
        }
        if (upstream == 0.0) /* the strong zero */
            continue;
        for (Slot *slot = node->slots, *end = slot + node->count; slot < end; slot++)
            if (slot->operand != NULL)
                slot->operand->grad += upstream * slot->number;
    }
}

#endif

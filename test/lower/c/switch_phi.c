// Several cases of one switch that go to the same place with the address of the same field.
#include <stdio.h>
struct block {
    char before[48];
    int a, b, c;
};
__attribute__((noinline)) int* pick(struct block* block, int which, int* other) {
    int* chosen;
    switch (which) {
    case 1:
    case 4:
    case 9:
    case 30:
    case 77:
        chosen = &block->a;
        break;
    case 2:
        chosen = &block->b;
        break;
    case 3:
    case 1000:
        chosen = other;
        break;
    default:
        chosen = &block->c;
    }
    return chosen;
}
int main(void) {
    struct block block = {"", 10, 20, 30};
    int other = 40;
    for (int i = 0; i < 80; ++i) {
        *pick(&block, i, &other) += i;
    }
    printf("%d %d %d %d\n", block.a, block.b, block.c, other);
    return 0;
}

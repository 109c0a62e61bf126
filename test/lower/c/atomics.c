#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
static _Atomic int i; static _Atomic long long l; static atomic_uchar c; static _Atomic short s; static _Atomic double d; static _Atomic float f; static int* _Atomic p; static int cells[4];
int main(void) {
    atomic_fetch_add(&i, 5); atomic_fetch_sub(&i, 2); printf("%d\n", atomic_load(&i));
    atomic_fetch_or(&c, 12); atomic_fetch_xor(&c, 5); atomic_fetch_and(&c, 11); printf("%d\n", c);
    int e = 3; printf("%d %d\n", atomic_compare_exchange_strong(&i, &e, 9), i); e = 1; printf("%d %d\n", atomic_compare_exchange_weak(&i, &e, 4), e);
    l += 1LL << 40; l *= 3; printf("%lld\n", (long long)l); s -= 7; s++; printf("%d\n", s); d += 1.5; d *= 4; f -= 2; printf("%g %g\n", d, f);
    p = cells; p++; printf("%d\n", (int)(p - cells)); printf("%d\n", atomic_exchange(&i, 77));
    int plain = 5; printf("%d %d\n", __atomic_fetch_nand(&plain, 3, __ATOMIC_SEQ_CST), plain); printf("%d\n", __atomic_fetch_max(&plain, 100, __ATOMIC_RELAXED)); printf("%d\n", plain);
    atomic_flag flag = ATOMIC_FLAG_INIT; printf("%d %d\n", atomic_flag_test_and_set(&flag), atomic_flag_test_and_set(&flag)); atomic_thread_fence(memory_order_seq_cst);
    return 0;
}

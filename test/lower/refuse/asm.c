// refused: asm.c:5: error: inline assembly can't be verified (in function main)
int main(void) {
    int x = 5;
    __asm__("" : "+r"(x));
    __asm__ volatile("nop");
    return x;
}

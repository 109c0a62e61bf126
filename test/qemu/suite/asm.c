int main(void) {
    __asm__("nop; nop");
    return 0;
}

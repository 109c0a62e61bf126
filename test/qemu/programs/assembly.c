// Refused: what an assembler is told can't be verified.
int main(void) {
    int value = 0;
    __asm__ volatile("hlt" : "+r"(value));
    return value;
}

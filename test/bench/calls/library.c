// What test/loading/small.c has, for Linux.
unsigned long add(unsigned long a, unsigned long b) { return a + b; }

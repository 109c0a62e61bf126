// refused: return_address.c:4: error: return addresses and the frames of callers can't be seen (in function main)
int main(void) {
    void* from =
        __builtin_return_address(0);
    return from != 0;
}

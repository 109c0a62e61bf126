// refused: undef.c:4: error: undefined symbol missing (in function main)
int missing(int);
static int helper(int x) {
    return missing(x) + 1;
}
int main(int argc, char** argv) { return helper(argc); }

#include <stdio.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <signal.h>
#include <errno.h>
#include <assert.h>
#include <locale.h>
#include <wchar.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/times.h>
#include <sys/time.h>
#include <sys/mman.h>
#include <dirent.h>
#include <inttypes.h>
#include <complex.h>
#include <fenv.h>
static volatile int got;
static void on(int s) { got = s; }
int main(void) {
    signal(SIGINT, on); raise(SIGINT); printf("%d\n", got);
    printf("%d %d\n", system(0), system("ls")); printf("%d\n", tmpfile() != 0);
    printf("%d %d\n", clock() >= 0, getpid() > 0); setlocale(LC_ALL, ""); printf("%ls\n", L"wide");
    struct tms t; times(&t); struct timeval tv; gettimeofday(&tv, 0); time_t now = time(0); printf("%d\n", localtime(&now)->tm_year > 100);
    double complex z = 1 + 2 * I; z *= z; printf("%g %g\n", creal(z), cimag(z));
    printf("%Lf %.20Lg\n", 1.5L, 1.0L / 3);
    assert(got == 2); return 4;
}

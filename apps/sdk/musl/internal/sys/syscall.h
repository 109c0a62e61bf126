// The system calls that are left in what is built of musl: its threads wait by the first, and it counts the cores by
// the second. The others are not there.
#define SYS_futex 1
#define SYS_sched_getaffinity 2
#define SYS_set_robust_list 3
#define SYS_get_robust_list 4

#include_next <sys/sysinfo.h>
#include <syscall.h>  // which one of those that include this one (conf/sysconf.c) leaves out

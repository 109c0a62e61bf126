// A thread's description is one of its variables.
extern _Thread_local struct __pthread __tessera_thread;
#define __get_tp() (&__tessera_thread)

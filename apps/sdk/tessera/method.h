// Methods of interfaces in C, below what is generated from a schema.
//
// A method that is called is declared with its interface's id and "<number>:<parameters>><results>", a letter each (i
// i32, l i64, f float, d double, c capability, r and w slices to read and to write); it takes the object and the
// parameters, and gives its status. Results behind the status are fetched in the very next statement. One that is
// offered is defined with the same words, takes the object's state and the parameters, and returns what TESSERA_RESULTS
// gives.
//
//   TESSERA_METHOD("b1d2c3d4e5f60718", "0:l>il") int counter_add(tessera_cap counter, uint64_t n);
//   int status = counter_add(counter, 3);
//   uint64_t sum = tessera_result_l1();
//
//   TESSERA_OFFER("b1d2c3d4e5f60718/0:l>il") int counter_add(uint64_t state, uint64_t n) { return tessera_results_il(0,
//   total += n); }
//
// Objects: TESSERA_METHOD("b1d2c3d4e5f60718", "mint") tessera_cap counter_make(uint64_t state);
// and TESSERA_OFFER("b1d2c3d4e5f60718/released:>i") int counter_released(uint64_t state), called when nobody has it any
// more.
#ifndef TESSERA_METHOD_H
#define TESSERA_METHOD_H

#include <stdint.h>
#include <tessera/capability.h>

#define TESSERA_METHOD(interface, method)                                                                              \
    __attribute__((__import_module__(interface), __import_name__(method), __nothrow__))
#define TESSERA_OFFER(name) __attribute__((__export_name__(name), __used__))
#define TESSERA_RESULT(name)                                                                                           \
    __attribute__((__import_module__("tessera_result"), __import_name__(name), __nothrow__, __nomerge__))
#define TESSERA_GIVE(name) __attribute__((__import_module__("tessera_results"), __import_name__(name), __nothrow__))

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_RESULT("i1") uint32_t tessera_result_i1(void);
TESSERA_RESULT("i2") uint32_t tessera_result_i2(void);
TESSERA_RESULT("l1") uint64_t tessera_result_l1(void);
TESSERA_RESULT("l2") uint64_t tessera_result_l2(void);
TESSERA_RESULT("f1") float tessera_result_f1(void);
TESSERA_RESULT("d1") double tessera_result_d1(void);
TESSERA_RESULT("c1") tessera_cap tessera_result_c1(void);
TESSERA_RESULT("c2") tessera_cap tessera_result_c2(void);

TESSERA_GIVE("ii") int tessera_results_ii(int status, uint32_t);
TESSERA_GIVE("il") int tessera_results_il(int status, uint64_t);
TESSERA_GIVE("ill") int tessera_results_ill(int status, uint64_t, uint64_t);
TESSERA_GIVE("if") int tessera_results_if(int status, float);
TESSERA_GIVE("id") int tessera_results_id(int status, double);
TESSERA_GIVE("ic") int tessera_results_ic(int status, tessera_cap);
TESSERA_GIVE("ilc") int tessera_results_ilc(int status, uint64_t, tessera_cap);

#ifdef __cplusplus
}
#endif
#endif

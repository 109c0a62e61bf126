// Methods of interfaces by hand, where there is no schema to make a header from (call.h has what both stand on).
//
// A method that is called is declared with its interface's id and "<number>:<parameters>><results>", a letter each (i i32, l i64,
// f float, d double, c capability, r and w slices to read and to write); it takes the object and the parameters, and gives its
// status. Results behind the status are fetched right behind the call. One that is offered is defined with the same words, takes
// the object's state and the parameters, and returns what tessera_results_... gives.
//
//   TESSERA_METHOD("b1d2c3d4e5f60718", "0:l>il") int32_t counter_add(tessera_cap counter, uint64_t n);
//   const int32_t status = counter_add(counter, 3);
//   const uint64_t sum = tessera_result_i64(status, 1);
//
//   TESSERA_OFFER("b1d2c3d4e5f60718/0:l>il") int32_t counter_add(uint64_t state, uint64_t n) { return tessera_results_il(0, total += n); }
//
// Objects: TESSERA_METHOD("b1d2c3d4e5f60718", "mint:l>c") tessera_cap counter_mint(uint64_t state);
// and TESSERA_OFFER("b1d2c3d4e5f60718/released:>i") int32_t counter_released(uint64_t state), called when nobody has it any more.
#ifndef TESSERA_METHOD_H
#define TESSERA_METHOD_H

#include <tessera/call.h>

#define TESSERA_METHOD(interface, method) __attribute__((__import_module__(interface), __import_name__(method), __nothrow__))
#define TESSERA_OFFER(name) __attribute__((__export_name__(name), __used__))
#define TESSERA_GIVE(name) __attribute__((__import_module__("tessera_results"), __import_name__(name)))

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_GIVE("ii") int32_t tessera_results_ii(int32_t status, int32_t);
TESSERA_GIVE("il") int32_t tessera_results_il(int32_t status, uint64_t);
TESSERA_GIVE("ill") int32_t tessera_results_ill(int32_t status, uint64_t, uint64_t);
TESSERA_GIVE("if") int32_t tessera_results_if(int32_t status, float);
TESSERA_GIVE("id") int32_t tessera_results_id(int32_t status, double);
TESSERA_GIVE("ic") int32_t tessera_results_ic(int32_t status, tessera_cap);
TESSERA_GIVE("ilc") int32_t tessera_results_ilc(int32_t status, uint64_t, tessera_cap);

#ifdef __cplusplus
}
#endif
#endif

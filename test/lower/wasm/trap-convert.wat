;; traps: invalid conversion to integer
(module
  (memory (export "memory") 1 1)
  (type $plain (func))
  (type $other (func (param i64) (result i64)))
  (table 4 funcref)
  (elem (i32.const 0) $nothing)
  (global $zero (mut i32) (i32.const 0))
  (func $nothing)
  (func (export "_start") (drop (i32.trunc_f64_s (f64.div (f64.const 0) (f64.convert_i32_s (global.get $zero)))))))

;; traps: out of bounds memory access
(module
  (memory (export "memory") 1 1)
  (type $plain (func))
  (type $other (func (param i64) (result i64)))
  (table 4 funcref)
  (elem (i32.const 0) $nothing)
  (global $zero (mut i32) (i32.const 0))
  (func $nothing)
  (func (export "_start") (drop (i32.load (i32.const 65533)))))

;; refused: (Debian's knows no SIMD, exceptions, threads or several memories)
(module (memory (export "memory") 1) (func (export "_start") (v128.store (i32.const 0) (i32x4.neg (v128.load (i32.const 16))))))

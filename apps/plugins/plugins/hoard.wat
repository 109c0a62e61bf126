;; A WASI program as a plug-in: it gives back what it reads. If that begins with "all", it takes memory until there is none left,
;; and then fails.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $page i32)
    (i32.store (i32.const 0) (i32.const 64))    ;; where the text goes
    (i32.store (i32.const 4) (i32.const 1024))  ;; how much there may be
    (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
    (if (i32.eq (i32.and (i32.load (i32.const 64)) (i32.const 0xffffff)) (i32.const 0x6c6c61))
      (then
        (loop $more
          (local.set $page (memory.grow (i32.const 1)))
          (if (i32.eq (local.get $page) (i32.const -1)) (then unreachable))
          (i32.store (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
          (br $more))))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

;; refused: imports 'env' 'f' , which nothing offers: a module may import wasi_snapshot_preview1
(module (import "env" "f" (func)) (func (export "_start") call 0))
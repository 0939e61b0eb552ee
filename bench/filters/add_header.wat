;; The add_header job written by hand: the least that a filter can cost. The configuration is `name: value`. Several
;; plugins may share the VM, so the module finds the configuration by the context id.
;;
;; Memory: at address 0 a node of zeros, which ends each chain; from 16 on the chains of nodes, by the low bits of the
;; context id; then two scratch words; then the heap.
;;   node:   +0 the next node   +4 context id   +8 its configuration, or 0
;;   configuration:   +0 name   +4 its size   +8 value   +12 its size
(module
  (import "env" "proxy_get_buffer_bytes" (func $get_buffer_bytes (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add_header (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 1032))
  (global $free (mut i32) (i32.const 0))  ;; nodes of deleted contexts

  (func (export "proxy_abi_version_0_2_1"))

  ;; Allocates only configurations and nodes. Nodes are reused, so it never frees memory.
  (func $allocate (export "proxy_on_memory_allocate") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 3)) (i32.const -4)))
    (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16)))
      ;; If that fails, the first use of the new memory traps.
      (then (drop (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))))))
    (local.get $at))

  ;; Returns the address of the link to the context's node, or of the link at the end of the chain.
  (func $find (param $id i32) (result i32)
    (local $link i32) (local $node i32)
    (local.set $link (i32.or (i32.and (i32.shl (local.get $id) (i32.const 2)) (i32.const 0x3fc)) (i32.const 16)))
    (loop $next
      (if (local.tee $node (i32.load (local.get $link)))
        (then
          (if (i32.ne (i32.load offset=4 (local.get $node)) (local.get $id))
            (then
              (local.set $link (local.get $node))
              (br $next))))))
    (local.get $link))

  (func (export "proxy_on_context_create") (param $id i32) (param $parent i32)
    (local $node i32)
    (if (local.tee $node (global.get $free))
      (then (global.set $free (i32.load (local.get $node))))
      (else (local.set $node (call $allocate (i32.const 12)))))
    (i32.store offset=4 (local.get $node) (local.get $id))
    (i32.store offset=8 (local.get $node) (i32.load offset=8 (i32.load (call $find (local.get $parent)))))
    (i32.store (local.get $node)
      (i32.load (local.tee $id (i32.or (i32.and (i32.shl (local.get $id) (i32.const 2)) (i32.const 0x3fc)) (i32.const 16)))))
    (i32.store (local.get $id) (local.get $node)))

  (func (export "proxy_on_configure") (param $id i32) (param $size i32) (result i32)
    (local $text i32) (local $at i32) (local $configuration i32)
    (if (i32.or
          (i32.eqz (local.tee $id (i32.load (call $find (local.get $id)))))
          (call $get_buffer_bytes (i32.const 7) (i32.const 0) (local.get $size) (i32.const 1024) (i32.const 1028)))
      (then (return (i32.const 0))))
    (local.set $at (local.tee $text (i32.load (i32.const 1024))))
    (local.set $size (i32.load (i32.const 1028)))
    (loop $next
      (if (i32.lt_u (i32.add (i32.sub (local.get $at) (local.get $text)) (i32.const 1)) (local.get $size))
        (then
          (if (i32.ne (i32.load16_u align=1 (local.get $at)) (i32.const 0x203a))  ;; ": "
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (br $next)))
          (if (i32.eq (local.get $at) (local.get $text)) (then (return (i32.const 0))))
          (local.set $configuration (call $allocate (i32.const 16)))
          (i32.store (local.get $configuration) (local.get $text))
          (i32.store offset=4 (local.get $configuration) (i32.sub (local.get $at) (local.get $text)))
          (i32.store offset=8 (local.get $configuration) (local.tee $at (i32.add (local.get $at) (i32.const 2))))
          (i32.store offset=12 (local.get $configuration)
            (i32.sub (i32.add (local.get $text) (local.get $size)) (local.get $at)))
          (i32.store offset=8 (local.get $id) (local.get $configuration))
          (return (i32.const 1)))))
    (i32.const 0))

  (func (export "proxy_on_response_headers") (param $id i32) (param $count i32) (param $end i32) (result i32)
    (if (local.tee $id (i32.load offset=8 (i32.load (call $find (local.get $id)))))
      (then
        (drop
          (call $add_header
            (i32.const 2)
            (i32.load (local.get $id))
            (i32.load offset=4 (local.get $id))
            (i32.load offset=8 (local.get $id))
            (i32.load offset=12 (local.get $id))))))
    (i32.const 0))

  (func (export "proxy_on_delete") (param $id i32)
    (local $node i32)
    (if (local.tee $node (i32.load (local.tee $id (call $find (local.get $id)))))
      (then
        (i32.store (local.get $id) (i32.load (local.get $node)))
        (i32.store (local.get $node) (global.get $free))
        (global.set $free (local.get $node)))))
)

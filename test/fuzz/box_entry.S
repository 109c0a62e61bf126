# Ways into a program and out of the box's kernel functions, with the secret in every register that neither needs.

        .text
        .globl  box_enter

        .macro  fill_xmm from
        movq    %rax, %xmm\from
        punpcklqdq %xmm\from, %xmm\from
        .endm

# All vector registers, with AVX-512 their upper halves and the masks, too.
        .macro  fill_vectors
        cmpb    $0, box_has_zmm(%rip)
        jne     1f
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        fill_xmm \n
        .endr
        jmp     2f
1:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        vpbroadcastq %rax, %zmm\n
        .endr
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        kmovq   %rax, %k\n
        .endr
2:
        .endm

# The processor stops behind the next instruction and each one after it (box_interrupts.cpp).
        .macro  step_if_wanted
        cmpb    $0, box_steps(%rip)
        je      3f
        pushfq
        orq     $0x100, (%rsp)
        popfq
3:
        .endm

# (call): struct BoxCall in box.cpp: target, base, sp, cap, secret.
        .type   box_enter, @function
box_enter:
        push    %rbx
        push    %rbp
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        sub     $8, %rsp
        mov     0(%rdi), %rax
        mov     %rax, box_target(%rip)
        mov     16(%rdi), %rsi
        mov     24(%rdi), %rdx
        mov     32(%rdi), %rax
        mov     8(%rdi), %rdi
        mov     %rax, %rbx
        mov     %rax, %rcx
        mov     %rax, %rbp
        mov     %rax, %r8
        mov     %rax, %r9
        mov     %rax, %r10
        mov     %rax, %r11
        mov     %rax, %r12
        mov     %rax, %r13
        mov     %rax, %r14
        mov     %rax, %r15
        fill_vectors
        step_if_wanted
        call    *box_target(%rip)
        add     $8, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbp
        pop     %rbx
        ret
        .size   box_enter, . - box_enter

# Keeps rax and rdx: results.
box_forget:
        mov     %rax, %r10
        mov     box_secret(%rip), %rax
        lea     -1024(%rsp), %rdi
        mov     $127, %ecx
        rep stosq
        mov     %rax, %rcx
        mov     %rax, %rsi
        mov     %rax, %rdi
        mov     %rax, %r8
        mov     %rax, %r9
        mov     %rax, %r11
        fill_vectors
        mov     %r10, %rax
        mov     box_secret(%rip), %r10
        step_if_wanted
        ret

# Called by runtime/preempt.S in place of others' work: everything that a program could have is another's.
        .globl  tessera_preempted
        .type   tessera_preempted, @function
tessera_preempted:
        push    %rbx
        mov     box_secret(%rip), %rax
        push    %rax
        push    %rax
        fninit
        fildll  (%rsp)
        movl    $0xffc0, (%rsp)         # every exception masked, rounds to zero, flushes denormals
        ldmxcsr (%rsp)
        add     $16, %rsp
        fill_vectors
        mov     %rax, %rcx
        mov     %rax, %rdx
        mov     %rax, %rbx
        mov     %rax, %rbp
        mov     %rax, %rsi
        mov     %rax, %rdi
        .irp    n, 8, 9, 10, 11, 12, 13, 14, 15
        mov     %rax, %r\n
        .endr
        pop     %rbx
        ret
        .size   tessera_preempted, . - tessera_preempted

        .macro  kernel_function name
        .globl  box_thunk_\name
        .type   box_thunk_\name, @function
box_thunk_\name:
        sub     $8, %rsp
        call    box_\name
        add     $8, %rsp
        jmp     box_forget
        .size   box_thunk_\name, . - box_thunk_\name
        .endm

        .irp    name, memmove, memset, memory_size, memory_grow, cap_null, cap_is_null, cap_equal, cap_table_get, cap_table_set, cap_table_size, cap_table_grow, cap_table_fill, try, throw, slice_read, slice_write, slice_apart, get_cap, use_cap, read_slice, write_slice, mix, nothing
        kernel_function \name
        .endr
        .irp    name, args_get, args_sizes_get, clock_time_get, environ_sizes_get, fd_fdstat_get, fd_prestat_get, fd_read, fd_seek, fd_write, path_open, proc_exit, random_get
        kernel_function wasi_\name
        .endr

        .data
        .p2align 3
box_target:
        .quad   0

        .section .note.GNU-stack, "", @progbits

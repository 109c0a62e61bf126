# See context.h. Offsets are those of ReturnPoint.

        .text
        .globl  tessera_call_returnable, tessera_return_to, tessera_switch, tessera_stack_start

# (point, function, argument, stack_top)
        .type   tessera_call_returnable, @function
tessera_call_returnable:
        mov     %rsp, 0(%rdi)
        mov     %rbp, 8(%rdi)
        mov     %rbx, 16(%rdi)
        mov     %r12, 24(%rdi)
        mov     %r13, 32(%rdi)
        mov     %r14, 40(%rdi)
        mov     %r15, 48(%rdi)
        stmxcsr 56(%rdi)
        fnstcw  60(%rdi)
        mov     %rdi, %rbx
        test    %rcx, %rcx
        jz      1f
        mov     %rcx, %rsp
        xor     %ebp, %ebp              # frame pointers end here
        jmp     2f
1:      sub     $8, %rsp
2:      mov     %rdx, %rdi
        call    *%rsi
        mov     %rbx, %rdi
        jmp     3f
        .size   tessera_call_returnable, . - tessera_call_returnable

# (point, value): may be reached from anywhere, with any state.
        .type   tessera_return_to, @function
tessera_return_to:
        mov     %rsi, %rax
        cld
        fninit
        fldcw   60(%rdi)
        ldmxcsr 56(%rdi)
3:      mov     0(%rdi), %rsp
        mov     8(%rdi), %rbp
        mov     16(%rdi), %rbx
        mov     24(%rdi), %r12
        mov     32(%rdi), %r13
        mov     40(%rdi), %r14
        mov     48(%rdi), %r15
        ret
        .size   tessera_return_to, . - tessera_return_to

# (from, to)
        .type   tessera_switch, @function
tessera_switch:
        push    %rbp
        push    %rbx
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        sub     $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        mov     %rsp, (%rdi)
        mov     %rsi, %rsp
        ldmxcsr (%rsp)
        fldcw   4(%rsp)
        add     $8, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbx
        pop     %rbp
        ret
        .size   tessera_switch, . - tessera_switch

        .type   tessera_stack_start, @function
tessera_stack_start:
        mov     %r13, %rdi
        call    *%r12
        ud2
        .size   tessera_stack_start, . - tessera_stack_start

        .section .note.GNU-stack, "", @progbits

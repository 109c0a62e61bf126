# From C++ into cross.S: void tessera_cross_with(WordRegisters*). See call_words.cpp.

        .set registers_import, 0
        .set registers_entry, 8
        .set registers_whole, 16        # six; then the results: rax, rdx, rcx
        .set registers_floats, 64       # eight; then xmm0, xmm1
        .set registers_stack, 128
        .set registers_stack_words, 136

        .text
        .globl  tessera_cross_with
        .type   tessera_cross_with, @function
        .p2align 4
tessera_cross_with:
        push    %rbp
        mov     %rsp, %rbp
        push    %rbx
        sub     $8, %rsp
        mov     %rdi, %rbx
        mov     registers_stack_words(%rbx), %rcx
        mov     registers_stack(%rbx), %rdx
        mov     %ecx, %eax              # so that the stack is aligned behind them
        and     $1, %eax
        shl     $3, %eax
        sub     %rax, %rsp
        test    %rcx, %rcx
        jz      2f
1:      push    -8(%rdx, %rcx, 8)
        sub     $1, %rcx
        jnz     1b
2:      movsd   registers_floats(%rbx), %xmm0
        movsd   registers_floats + 8(%rbx), %xmm1
        movsd   registers_floats + 16(%rbx), %xmm2
        movsd   registers_floats + 24(%rbx), %xmm3
        movsd   registers_floats + 32(%rbx), %xmm4
        movsd   registers_floats + 40(%rbx), %xmm5
        movsd   registers_floats + 48(%rbx), %xmm6
        movsd   registers_floats + 56(%rbx), %xmm7
        mov     registers_import(%rbx), %rax
        mov     registers_whole(%rbx), %rdi
        mov     registers_whole + 8(%rbx), %rsi
        mov     registers_whole + 16(%rbx), %rdx
        mov     registers_whole + 24(%rbx), %rcx
        mov     registers_whole + 32(%rbx), %r8
        mov     registers_whole + 40(%rbx), %r9
        call    *registers_entry(%rbx)
        mov     %rax, registers_whole(%rbx)
        mov     %rdx, registers_whole + 8(%rbx)
        mov     %rcx, registers_whole + 16(%rbx)
        movsd   %xmm0, registers_floats(%rbx)
        movsd   %xmm1, registers_floats + 8(%rbx)
        lea     -8(%rbp), %rsp
        pop     %rbx
        pop     %rbp
        ret
        .size   tessera_cross_with, . - tessera_cross_with

        .section .note.GNU-stack, "", @progbits

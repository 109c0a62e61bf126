# From a stub whose function is not compiled yet to LoadContext::first_call and on to the function.
# In: the stub's function index on the stack, then the caller's return address; r11 the program.
# Every register that can carry an argument is kept.

        .set state_bytes, 2688          # kVectorStateBytes

        .text
        .globl  tessera_lazy_entry
        .type   tessera_lazy_entry, @function
tessera_lazy_entry:
        # The index gives its place to rbp, so that a frame of the usual form begins here: traces go through it.
        xchg    %rbp, (%rsp)
        push    %rbp
        lea     8(%rsp), %rbp
        push    %rdi
        push    %rsi
        push    %rdx
        push    %rcx
        push    %r8
        push    %r9
        push    %rax
        push    %r10
        sub     $state_bytes, %rsp
        and     $-64, %rsp
        mov     tessera_lazy_state_mask(%rip), %rax
        test    %rax, %rax
        jz      1f
        # XRSTOR wants a clean header.
        xor     %edx, %edx
        mov     %rdx, 512(%rsp)
        mov     %rdx, 520(%rsp)
        mov     %rdx, 528(%rsp)
        mov     %rdx, 536(%rsp)
        mov     %rdx, 544(%rsp)
        mov     %rdx, 552(%rsp)
        mov     %rdx, 560(%rsp)
        mov     %rdx, 568(%rsp)
        xsave   (%rsp)
        jmp     2f
1:      fxsave  (%rsp)
2:      mov     %r11, %rdi
        mov     -8(%rbp), %rsi
        call    tessera_lazy_first_call
        mov     %rax, %r11
        mov     tessera_lazy_state_mask(%rip), %rax
        test    %rax, %rax
        jz      3f
        xor     %edx, %edx
        xrstor  (%rsp)
        jmp     4f
3:      fxrstor (%rsp)
4:      lea     -72(%rbp), %rsp
        pop     %r10
        pop     %rax
        pop     %r9
        pop     %r8
        pop     %rcx
        pop     %rdx
        pop     %rsi
        pop     %rdi
        lea     8(%rsp), %rsp
        pop     %rbp
        jmp     *%r11
        .size   tessera_lazy_entry, . - tessera_lazy_entry
        .section .note.GNU-stack, "", @progbits

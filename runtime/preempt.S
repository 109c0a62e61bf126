# The timer interrupted a program and led here, on the fiber's small stack, interrupts on, with rdi the fiber and rsi the
# program's general registers. Keeps the vector and x87 state, gives the core to others, and then goes on where the program
# was. IRETQ restores rip, flags and rsp at once; it works at the same privilege level, on both platforms.

        .set state_bytes, 2688          # kVectorStateBytes
        .set rax_, 0
        .set rip_, 128                  # platform::Registers
        .set rflags_, 136

        .text
        .globl  tessera_preempt_entry
        .type   tessera_preempt_entry, @function
tessera_preempt_entry:
        sub     $state_bytes, %rsp
        and     $-64, %rsp
        mov     %rsi, %rbx
        mov     tessera_preempt_state_mask(%rip), %rax
        test    %rax, %rax
        jz      1f
        xor     %edx, %edx
        mov     %rdx, 512(%rsp)         # XRSTOR wants a clean header
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
2:      cld
        call    tessera_preempted
        mov     tessera_preempt_state_mask(%rip), %rax
        test    %rax, %rax
        jz      3f
        xor     %edx, %edx
        xrstor  (%rsp)
        jmp     4f
3:      fxrstor (%rsp)
4:      mov     %ss, %eax
        push    %rax
        push    4*8(%rbx)               # rsp
        push    rflags_(%rbx)
        mov     %cs, %eax
        push    %rax
        push    rip_(%rbx)
        mov     0*8(%rbx), %rax
        mov     1*8(%rbx), %rcx
        mov     2*8(%rbx), %rdx
        mov     5*8(%rbx), %rbp
        mov     6*8(%rbx), %rsi
        mov     7*8(%rbx), %rdi
        mov     8*8(%rbx), %r8
        mov     9*8(%rbx), %r9
        mov     10*8(%rbx), %r10
        mov     11*8(%rbx), %r11
        mov     12*8(%rbx), %r12
        mov     13*8(%rbx), %r13
        mov     14*8(%rbx), %r14
        mov     15*8(%rbx), %r15
        mov     3*8(%rbx), %rbx
        iretq
        .size   tessera_preempt_entry, . - tessera_preempt_entry
        .section .note.GNU-stack, "", @progbits

# See copy.h. Between tessera_copy_begin and tessera_copy_end nothing is on the stack but the return address, so that the
# trap handler can go on at tessera_copy_fault from anywhere.

        .text
        .globl  tessera_copy, tessera_fill, tessera_copy_begin, tessera_copy_end, tessera_copy_fault
        .globl  tessera_program_memmove, tessera_program_memset

        .p2align 4
tessera_copy_begin:
# (to, from, bytes). Up to 128 bytes: everything is loaded before anything is stored.
        .type   tessera_copy, @function
tessera_copy:
        cmp     $16, %rdx
        ja      2f
        cmp     $8, %edx
        jae     1f
        cmp     $4, %edx
        jae     3f
        test    %edx, %edx
        jz      9f
        movzbl  (%rsi), %eax
        movzbl  -1(%rsi,%rdx), %ecx
        cmp     $3, %edx
        jne     4f
        movzbl  1(%rsi), %r8d
        mov     %r8b, 1(%rdi)
4:      mov     %al, (%rdi)
        mov     %cl, -1(%rdi,%rdx)
        jmp     9f
3:      mov     (%rsi), %eax
        mov     -4(%rsi,%rdx), %ecx
        mov     %eax, (%rdi)
        mov     %ecx, -4(%rdi,%rdx)
        jmp     9f
1:      mov     (%rsi), %rax
        mov     -8(%rsi,%rdx), %rcx
        mov     %rax, (%rdi)
        mov     %rcx, -8(%rdi,%rdx)
        jmp     9f
2:      movups  (%rsi), %xmm0
        movups  -16(%rsi,%rdx), %xmm1
        cmp     $32, %rdx
        ja      5f
        movups  %xmm0, (%rdi)
        movups  %xmm1, -16(%rdi,%rdx)
        jmp     9f
5:      movups  16(%rsi), %xmm2
        movups  -32(%rsi,%rdx), %xmm3
        cmp     $64, %rdx
        ja      6f
        movups  %xmm0, (%rdi)
        movups  %xmm2, 16(%rdi)
        movups  %xmm3, -32(%rdi,%rdx)
        movups  %xmm1, -16(%rdi,%rdx)
        jmp     9f
6:      cmp     $128, %rdx
        ja      7f
        movups  32(%rsi), %xmm4
        movups  48(%rsi), %xmm5
        movups  -48(%rsi,%rdx), %xmm6
        movups  -64(%rsi,%rdx), %xmm7
        movups  %xmm0, (%rdi)
        movups  %xmm2, 16(%rdi)
        movups  %xmm4, 32(%rdi)
        movups  %xmm5, 48(%rdi)
        movups  %xmm7, -64(%rdi,%rdx)
        movups  %xmm6, -48(%rdi,%rdx)
        movups  %xmm3, -32(%rdi,%rdx)
        movups  %xmm1, -16(%rdi,%rdx)
        jmp     9f
7:      mov     %rdi, %rax
        sub     %rsi, %rax
        cmp     %rdx, %rax
        jb      backward
        cmp     $1024, %rdx
        jae     10f
# Forward, 32 bytes a step; the last 32 were loaded first (xmm3, xmm1) and are stored last.
        lea     -32(%rdi,%rdx), %r8     # where the last 32 go
8:      movups  (%rsi), %xmm4
        movups  16(%rsi), %xmm5
        add     $32, %rsi
        movups  %xmm4, (%rdi)
        movups  %xmm5, 16(%rdi)
        add     $32, %rdi
        cmp     %r8, %rdi
        jb      8b
        movups  %xmm3, (%r8)
        movups  %xmm1, 16(%r8)
        jmp     9f
10:     mov     %rdx, %rcx
        rep movsb
9:      xor     %eax, %eax
        ret
# The target begins inside the source: from the end; the first 32 were loaded first (xmm0, xmm2).
backward:
        mov     %rdx, %rcx
11:     movups  -16(%rsi,%rcx), %xmm4
        movups  -32(%rsi,%rcx), %xmm5
        movups  %xmm4, -16(%rdi,%rcx)
        movups  %xmm5, -32(%rdi,%rcx)
        sub     $32, %rcx
        cmp     $32, %rcx
        ja      11b
        movups  %xmm0, (%rdi)
        movups  %xmm2, 16(%rdi)
        jmp     9b
        .size   tessera_copy, . - tessera_copy

# (to, byte, bytes)
        .type   tessera_fill, @function
tessera_fill:
        movzbl  %sil, %eax
        mov     $0x0101010101010101, %rcx
        imul    %rcx, %rax
        cmp     $16, %rdx
        ja      2f
        cmp     $8, %edx
        jae     1f
        cmp     $4, %edx
        jae     3f
        test    %edx, %edx
        jz      9f
        mov     %al, (%rdi)
        mov     %al, -1(%rdi,%rdx)
        cmp     $3, %edx
        jne     9f
        mov     %al, 1(%rdi)
        jmp     9f
3:      mov     %eax, (%rdi)
        mov     %eax, -4(%rdi,%rdx)
        jmp     9f
1:      mov     %rax, (%rdi)
        mov     %rax, -8(%rdi,%rdx)
        jmp     9f
2:      movq    %rax, %xmm0
        punpcklqdq %xmm0, %xmm0
        cmp     $1024, %rdx
        jae     10f
        lea     -16(%rdi,%rdx), %r8
8:      movups  %xmm0, (%rdi)
        add     $16, %rdi
        cmp     %r8, %rdi
        jb      8b
        movups  %xmm0, (%r8)
        jmp     9f
10:     mov     %rdx, %rcx
        rep stosb
9:      xor     %eax, %eax
        ret
        .size   tessera_fill, . - tessera_fill
tessera_copy_end:

tessera_copy_fault:
        mov     $1, %eax
        ret

        .type   tessera_program_memmove, @function
tessera_program_memmove:
        push    %rdi
        call    tessera_copy
        pop     %rax
        ret
        .size   tessera_program_memmove, . - tessera_program_memmove

        .type   tessera_program_memset, @function
tessera_program_memset:
        push    %rdi
        call    tessera_fill
        pop     %rax
        ret
        .size   tessera_program_memset, . - tessera_program_memset

# (base, to, from, length), offsets: the helper memmove for small lengths inside the program's memory, whose size is in the
# kernel's page below it. A fault is the program's, as tessera_copy is called for it directly.
        .globl  tessera_small_memmove, tessera_small_memset, tessera_memmove_slow, tessera_memset_slow
        .type   tessera_small_memmove, @function
tessera_small_memmove:
        cmp     $4096, %ecx
        ja      1f
        mov     %ecx, %r8d
        mov     %esi, %r9d
        mov     %edx, %r10d
        lea     (%r9,%r8), %rax
        cmp     -16(%rdi), %rax
        ja      1f
        lea     (%r10,%r8), %rax
        cmp     -16(%rdi), %rax
        ja      1f
        lea     (%rdi,%r10), %rsi
        add     %r9, %rdi
        mov     %r8, %rdx
        jmp     tessera_copy
1:      jmp     *tessera_memmove_slow(%rip)
        .size   tessera_small_memmove, . - tessera_small_memmove

# (base, to, byte, length)
        .type   tessera_small_memset, @function
tessera_small_memset:
        cmp     $4096, %ecx
        ja      1f
        mov     %ecx, %r8d
        mov     %esi, %r9d
        lea     (%r9,%r8), %rax
        cmp     -16(%rdi), %rax
        ja      1f
        add     %r9, %rdi
        mov     %edx, %esi
        mov     %r8, %rdx
        jmp     tessera_fill
1:      jmp     *tessera_memset_slow(%rip)
        .size   tessera_small_memset, . - tessera_small_memset

        .data
        .p2align 3
tessera_memmove_slow:
        .quad   0
tessera_memset_slow:
        .quad   0

        .section .note.GNU-stack, "", @progbits

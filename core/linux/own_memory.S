// The nucleus's memory functions: general registers only, usable before glibc has started and in traps.
.text
.global nucleus_memcpy, nucleus_memmove, nucleus_memset, nucleus_memcmp, nucleus_memchr, nucleus_strlen
.type nucleus_memcpy, @function
nucleus_memcpy:
    movq %rdi, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    ret
.type nucleus_memmove, @function
nucleus_memmove:
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax                                   // unsigned: destination inside the source?
    jae nucleus_memcpy
    movq %rdi, %rax
    movq %rdx, %rcx
    leaq -1(%rdi,%rdx), %rdi
    leaq -1(%rsi,%rdx), %rsi
    std
    rep movsb
    cld
    ret
.type nucleus_memset, @function
nucleus_memset:
    movq %rdi, %r8
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movl %edx, %ecx
    andl $7, %ecx
    rep stosb
    movq %r8, %rax
    ret
.type nucleus_memcmp, @function
nucleus_memcmp:
    xorl %ecx, %ecx
1:  cmpq %rdx, %rcx
    je 2f
    movzbl (%rdi,%rcx), %eax
    movzbl (%rsi,%rcx), %r8d
    incq %rcx
    subl %r8d, %eax
    je 1b
    ret
2:  xorl %eax, %eax
    ret
.type nucleus_memchr, @function
nucleus_memchr:
    xorl %ecx, %ecx
1:  cmpq %rdx, %rcx
    je 2f
    cmpb %sil, (%rdi,%rcx)
    leaq (%rdi,%rcx), %rax
    leaq 1(%rcx), %rcx
    jne 1b
    ret
2:  xorl %eax, %eax
    ret
.type nucleus_strlen, @function
nucleus_strlen:
    xorl %eax, %eax
1:  cmpb $0, (%rdi,%rax)
    je 2f
    incq %rax
    jmp 1b
2:  ret
.section .note.GNU-stack, "", @progbits

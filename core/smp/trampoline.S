// Where a further core wakes up: real mode, at a page below 640 KiB, with CS:IP at the page's start. The page after it
// holds the data below. Goes to long mode with the kernel's own page table, takes a number, and enters the kernel.

.section .rodata.trampoline, "a"
.balign 16
.global nucleus_trampoline, nucleus_trampoline_end
.global nucleus_trampoline_data, nucleus_trampoline_data_end
.code16
nucleus_trampoline:
    cli
    cld
    movw %cs, %ax
    addw $0x100, %ax                                  // the data page
    movw %ax, %ds
    lgdtl data_gdt_pointer - nucleus_trampoline_data
    movl data_cr4 - nucleus_trampoline_data, %eax
    movl %eax, %cr4
    movl data_cr3 - nucleus_trampoline_data, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx
    movl data_efer - nucleus_trampoline_data, %eax
    xorl %edx, %edx
    wrmsr
    movl %cr0, %eax
    andl $0x9fffffff, %eax
    orl $0x80010001, %eax                             // paging, write protection, protected mode: long mode at once
    movl %eax, %cr0
    ljmpl *(data_far - nucleus_trampoline_data)
nucleus_trampoline_end:

.balign 16
nucleus_trampoline_data:
data_gdt:
    .quad 0
    .quad 0x00af9b000000ffff
data_gdt_pointer:
    .short 15
data_gdt_address:
    .long 0
    .balign 4
data_cr3:  .long 0
data_cr4:  .long 0
data_efer: .long 0
data_far:
    .long nucleus_core_entry
    .short 8
nucleus_trampoline_data_end:

.global nucleus_trampoline_gdt_address, nucleus_trampoline_cr3, nucleus_trampoline_cr4, nucleus_trampoline_efer
.set nucleus_trampoline_gdt_address, data_gdt_address - nucleus_trampoline_data
.set nucleus_trampoline_cr3, data_cr3 - nucleus_trampoline_data
.set nucleus_trampoline_cr4, data_cr4 - nucleus_trampoline_data
.set nucleus_trampoline_efer, data_efer - nucleus_trampoline_data

.text
.code64
.global nucleus_core_entry
nucleus_core_entry:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $1, %eax
    lock xaddl %eax, nucleus_next_core(%rip)
    movl %eax, %edi
    leaq nucleus_core_stacks(%rip), %rcx
    movq (%rcx,%rdi,8), %rsp
    xorl %ebp, %ebp
    pushq $0
    jmp nucleus_core_start
.section .note.GNU-stack, "", @progbits

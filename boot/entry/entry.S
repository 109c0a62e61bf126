// Where the loader enters: Multiboot2 (GRUB) and PVH (qemu -kernel) both hand over in 32-bit protected mode without
// paging. This code builds identity tables of the low 4 GiB, switches to long mode and calls nucleus_start.
// These tables are writable and executable; core/mem/kernel_map.cpp replaces them before anything else runs.

#define MULTIBOOT2_MAGIC 0xe85250d6

.section .multiboot, "a"
.balign 8
multiboot_header:
    .long MULTIBOOT2_MAGIC
    .long 0                                           // i386 protected mode
    .long multiboot_header_end - multiboot_header
    .long -(MULTIBOOT2_MAGIC + (multiboot_header_end - multiboot_header))
    // information request: memory map is essential, the rest is not
    .short 1, 0
    .long 12
    .long 6
    .balign 8
    // modules page-aligned: the bundle is mapped, not copied
    .short 6, 0
    .long 8
    .balign 8
    .short 0, 0
    .long 8
multiboot_header_end:

.section .note.Xen, "a", @note
.balign 4
    .long 4, 8, 18                                    // name size, descriptor size, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .quad nucleus_pvh_entry

.section .text.entry, "ax"
.code32
.global nucleus_pvh_entry
nucleus_pvh_entry:
    xorl %esi, %esi                                   // no Multiboot2 magic: PVH
    jmp 1f
.global nucleus_multiboot_entry
nucleus_multiboot_entry:
    movl %eax, %esi
1:  cli
    cld
    rdtsc                                             // when the kernel was entered
    movl %eax, %ebp
    movl %edx, %edi
    movl $boot_stack_top, %esp
    // identity: 4 directories of 512 entries of 2 MiB
    movl $boot_directories, %ecx
    movl $0x83, %eax
    xorl %edx, %edx
2:  movl %eax, (%ecx)
    movl $0, 4(%ecx)
    addl $8, %ecx
    addl $0x200000, %eax
    incl %edx
    cmpl $2048, %edx
    jne 2b
    movl $boot_directories + 0x0003, boot_pdpt
    movl $boot_directories + 0x1003, boot_pdpt + 8
    movl $boot_directories + 0x2003, boot_pdpt + 16
    movl $boot_directories + 0x3003, boot_pdpt + 24
    movl $boot_pdpt + 3, boot_pml4
    movl $boot_pml4, %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $0x20, %eax                                   // PAE
    movl %eax, %cr4
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x100, %eax                                  // EFER.LME
    wrmsr
    movl %cr0, %eax
    andl $0x9fffffff, %eax                            // caches on
    orl $0x80000001, %eax
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $8, $3f
.code64
3:  xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
    shlq $32, %rdi
    movl %ebp, %edx
    orq %rdi, %rdx
    movl %esi, %edi                                   // nucleus_start(magic, info, entry_tsc)
    movl %ebx, %esi
    xorl %ebp, %ebp
    call nucleus_start
    ud2

.section .rodata.entry, "a"
.balign 8
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff
boot_gdt_pointer:
    .short 15
    .long boot_gdt

.section .bss.entry, "aw", @nobits
.balign 4096
boot_pml4:        .skip 4096
boot_pdpt:        .skip 4096
boot_directories: .skip 16384
    .skip 16384
boot_stack_top:
.section .note.GNU-stack, "", @progbits

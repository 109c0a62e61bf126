// 256 entries of 16 bytes, one for each vector, and the common path. All run on a stack of the IST with interrupts off.
// The call frame information lets a debugger and the unwinder walk through a trap into the code it interrupted.

.text
.balign 16
.global nucleus_vectors
nucleus_vectors:
.set vector, 0
.rept 256
    .balign 16
    // the processor pushes an error code for these
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
    pushq $0
    .endif
    pushq $vector
    jmp trap_common
    .set vector, vector + 1
.endr

.balign 16
.type trap_common, @function
trap_common:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_def_cfa rsp, 56
    .cfi_offset rsp, -16
    .cfi_offset rip, -40
.macro push_one register
    pushq %\register
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset \register, 0
.endm
    push_one r15
    push_one r14
    push_one r13
    push_one r12
    push_one r11
    push_one r10
    push_one r9
    push_one r8
    push_one rdi
    push_one rsi
    push_one rbp
    pushq $0
    .cfi_adjust_cfa_offset 8
    push_one rbx
    push_one rdx
    push_one rcx
    push_one rax
    cld
    movq %rsp, %rdi
    movq %rsp, %rbx
    .cfi_def_cfa_register rbx
    andq $-16, %rsp
    call nucleus_trap
    movq %rbx, %rsp
    .cfi_def_cfa_register rsp
.global nucleus_restore_frame
nucleus_restore_frame:
    popq %rax
    popq %rcx
    popq %rdx
    popq %rbx
    addq $8, %rsp
    popq %rbp
    popq %rsi
    popq %rdi
    popq %r8
    popq %r9
    popq %r10
    popq %r11
    popq %r12
    popq %r13
    popq %r14
    popq %r15
    addq $16, %rsp
    iretq
    .cfi_endproc
.size trap_common, . - trap_common
.section .note.GNU-stack, "", @progbits

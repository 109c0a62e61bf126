// The syscall instruction, made by static glibc in ring 0. The caller's stack is not touched: its red zone is in use,
// and a stack of the nucleus has its pages. It is empty at every entry, since a thread is a core and interrupts are
// off but for the wait inside a blocking call. Return is by iretq: flags, stack and code change in one step.

.text
.global nucleus_syscall_entry
.type nucleus_syscall_entry, @function
nucleus_syscall_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_def_cfa rsp, 0
    .cfi_register rip, rcx
    movq %rsp, %gs:8
    movq %gs:16, %rsp
    pushq $0x10
    pushq %gs:8
    pushq %r11
    pushq $8
    pushq %rcx
    pushq $0
    pushq $256
    .cfi_def_cfa rsp, 56
    .cfi_offset rsp, -16
    .cfi_offset rip, -40
    pushq %r15
    pushq %r14
    pushq %r13
    pushq %r12
    pushq %r11
    pushq %r10
    pushq %r9
    pushq %r8
    pushq %rdi
    pushq %rsi
    pushq %rbp
    pushq $0
    pushq %rbx
    pushq %rdx
    pushq %rcx
    pushq %rax
    .cfi_adjust_cfa_offset 128
    .cfi_rel_offset rbx, 24
    .cfi_rel_offset rbp, 40
    .cfi_rel_offset r12, 96
    .cfi_rel_offset r13, 104
    .cfi_rel_offset r14, 112
    .cfi_rel_offset r15, 120
    movq %rsp, %rdi
    movq %rsp, %rbx
    .cfi_def_cfa_register rbx
    andq $-16, %rsp
    call nucleus_syscall
    movq %rbx, %rsp
    jmp nucleus_restore_frame
    .cfi_endproc
.size nucleus_syscall_entry, . - nucleus_syscall_entry

// nucleus_enter(frame): starts a thread with these registers.
.global nucleus_enter
.type nucleus_enter, @function
nucleus_enter:
    movq %rdi, %rsp
    jmp nucleus_restore_frame

// Where an aborting thread goes on, in its own context: the kernel's hook, then the end. On the stack are the
// interrupted instruction and stack pointers.
.global nucleus_abort_thunk
.type nucleus_abort_thunk, @function
nucleus_abort_thunk:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_def_cfa rsp, 16
    .cfi_offset rip, -16
    .cfi_offset rsp, -8
    movq (%rsp), %rdi
    call nucleus_abort
    ud2
    .cfi_endproc
.section .note.GNU-stack, "", @progbits

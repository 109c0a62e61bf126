# A call of an object's method: from one domain into another and back. See crossing.h.
#
# In: rax the MethodImport, rdi the caller's arena, esi its stack, rdx the slot; rcx, r8, r9, xmm0 to xmm7 and the stack
# hold the method's own arguments, in the places where the callee wants them: (base, sp, slot, ...) and
# (base, sp, state, ...) differ in values only. Out: as the callee returns, or eax the status and no other results.
#
# What is read of slots and objects stays what it is whoever lets go of them meanwhile: an object's fields are read first,
# its identity last (object/header.h).

        # Here
        .set here_fiber, 0
        .set here_core, 8
        .set thread_heap, 8             # ThreadState
        # FiberCalls
        .set fiber_entry, 0
        .set fiber_try, 8
        .set fiber_heap, 16
        .set fiber_bottom, 24
        # Slot
        .set slot_object, 0
        .set slot_id, 8
        # ObjectHeader
        .set object_id, 0
        .set object_interface, 8
        .set object_methods, 16
        .set object_target, 24
        .set object_state, 32
        # MethodTable, Method
        .set methods_count, 0
        .set methods_first, 32
        .set method_bytes, 16
        .set method_address, 0
        .set method_signature, 8
        # CallTarget, CoreCalls
        .set target_base, 0
        .set target_cores, 8
        .set target_heap, 16
        .set target_open, 24
        .set core_bytes_log2, 7
        .set core_inside, 0
        .set core_free_stacks, 8
        .set core_stacks, 12
        .set free_stacks_max, 29
        # MethodImport
        .set import_interface, 0
        .set import_signature, 8
        .set import_ordinal, 16
        .set import_extra, 20
        .set import_stack_words, 24
        .set import_cap_results, 29
        # Crossing: a ProgramEntry, and what else the frame holds
        .set point_rsp, 0
        .set point_rbp, 8
        .set point_rbx, 16
        .set point_mxcsr, 56
        .set point_x87, 60
        .set entry_outer, 64
        .set entry_outer_try, 72
        .set entry_outer_heap, 80
        .set entry_target, 88
        .set entry_first_temporary, 96
        .set entry_arena_stack, 100
        .set crossing_fiber, 104
        .set crossing_return, 112
        .set crossing_words, 120        # rdx, rcx, r8, r9; or rax, rdx, rcx
        .set crossing_floats, 152       # xmm0 to xmm7
        .set crossing_bytes, 216
        .set stack_least, 192 * 1024

        .set status_no_capability, 1
        .set status_gone, 2
        .set status_wrong_interface, 3
        .set status_no_method, 4
        .set status_wrong_signature, 5
        .set status_no_stack, 7

        .text
        .globl  tessera_cross
        .type   tessera_cross, @function
        .p2align 6
tessera_cross:
        push    %rbp
        mov     %rsp, %rbp
        push    %rbx
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        sub     $crossing_bytes, %rsp
        mov     tessera_here@gottpoff(%rip), %r11
        mov     %fs:here_fiber(%r11), %r10
        mov     %fs:here_core(%r11), %r11d
        test    %rdx, %rdx
        jz      .Lno_capability
        mov     slot_object(%rdx), %r12
        mov     slot_id(%rdx), %rdi
        test    %r12, %r12
        jz      .Lgone
        mov     object_methods(%r12), %r13
        mov     object_target(%r12), %r14
        mov     object_state(%r12), %rdx
        mov     object_interface(%r12), %rsi
        cmp     object_id(%r12), %rdi
        jne     .Lgone
        mov     %rax, %r12
        cmp     import_interface(%r12), %rsi
        jne     .Lwrong_interface
        mov     import_ordinal(%r12), %esi
        cmp     methods_count(%r13), %rsi
        jae     .Lno_method
        shl     $4, %rsi
        mov     methods_first + method_signature(%r13, %rsi), %rdi
        mov     methods_first + method_address(%r13, %rsi), %r13
        cmp     import_signature(%r12), %rdi
        jne     .Lwrong_signature
        cmpb    $0, target_open(%r14)
        je      .Lgone
        mov     %rsp, %rsi
        sub     fiber_bottom(%r10), %rsi
        cmp     $stack_least, %rsi
        jb      .Lno_stack
        shl     $core_bytes_log2, %r11
        add     target_cores(%r14), %r11
        mov     core_free_stacks(%r11), %esi
        sub     $1, %esi
        jb      .Lnew_stack
        mov     %esi, core_free_stacks(%r11)
        mov     core_stacks(%r11, %rsi, 4), %esi
.Lhas_stack:
        incq    core_inside(%r11)
        mov     %rsp, %rbx
        lea     .Lfailed(%rip), %rdi
        mov     %rdi, crossing_return(%rbx)
        lea     crossing_return(%rbx), %rdi
        mov     %rdi, point_rsp(%rbx)
        mov     %rbp, point_rbp(%rbx)
        mov     %rbx, point_rbx(%rbx)
        movl    $0x1F80, point_mxcsr(%rbx)      # what the kernel and programs have
        movl    $0x037F, point_x87(%rbx)
        mov     %r10, crossing_fiber(%rbx)
        mov     %r14, entry_target(%rbx)
        mov     %esi, entry_arena_stack(%rbx)
        movl    $0, entry_first_temporary(%rbx)
        mov     fiber_entry(%r10), %rdi
        mov     %rdi, entry_outer(%rbx)
        mov     fiber_try(%r10), %rdi
        mov     %rdi, entry_outer_try(%rbx)
        mov     fiber_heap(%r10), %rdi
        mov     %rdi, entry_outer_heap(%rbx)
        mov     target_heap(%r14), %rdi
        mov     %rdi, fiber_heap(%r10)
        mov     tessera_thread_state@gottpoff(%rip), %rsi
        mov     %rdi, %fs:thread_heap(%rsi)
        movq    $0, fiber_try(%r10)
        mov     %rbx, fiber_entry(%r10)         # the last: what ends from here on ends the callee
        cmpl    $0, import_extra(%r12)
        jne     .Lextra
        mov     entry_arena_stack(%rbx), %esi
        mov     target_base(%r14), %rdi
        call    *%r13
.Lreturned:
        mov     tessera_here@gottpoff(%rip), %r11
        mov     crossing_fiber(%rbx), %r10
        mov     %fs:here_core(%r11), %r11d
        shl     $core_bytes_log2, %r11
        add     target_cores(%r14), %r11
        mov     core_free_stacks(%r11), %esi
        mov     entry_arena_stack(%rbx), %edi
        cmp     $free_stacks_max, %esi
        jae     .Lslow_return
        cmpl    $0, entry_first_temporary(%rbx)
        jne     .Lslow_return
        cmpb    $0, import_cap_results(%r12)
        jne     .Lslow_return
        mov     %edi, core_stacks(%r11, %rsi, 4)
        add     $1, %esi
        mov     %esi, core_free_stacks(%r11)
        decq    core_inside(%r11)
        mov     entry_outer_try(%rbx), %rsi
        mov     %rsi, fiber_try(%r10)
        mov     entry_outer_heap(%rbx), %rsi
        mov     %rsi, fiber_heap(%r10)
        mov     tessera_thread_state@gottpoff(%rip), %rdi
        mov     %rsi, %fs:thread_heap(%rdi)
        mov     entry_outer(%rbx), %rsi
        mov     %rsi, fiber_entry(%r10)
.Lleave:
        lea     -40(%rbp), %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbx
        pop     %rbp
        ret

# Capabilities are handed over, arguments on the stack are passed on.
.Lextra:
        mov     %rdx, crossing_words(%rbx)
        mov     %rcx, crossing_words + 8(%rbx)
        mov     %r8, crossing_words + 16(%rbx)
        mov     %r9, crossing_words + 24(%rbx)
        call    .Lkeep_floats
        # Those of the stack, the last one first, so that the callee finds them where the caller put them.
        mov     import_stack_words(%r12), %ecx
        mov     %ecx, %eax
        and     $1, %eax
        shl     $3, %eax
        sub     %rax, %rsp
        test    %ecx, %ecx
        jz      2f
1:      push    8(%rbp, %rcx, 8)
        sub     $1, %ecx
        jnz     1b
2:      mov     %rbx, %rdi
        mov     %r12, %rsi
        mov     %rsp, %rdx
        call    tessera_crossing_give
        call    .Lload_floats
        mov     crossing_words(%rbx), %rdx
        mov     crossing_words + 8(%rbx), %rcx
        mov     crossing_words + 16(%rbx), %r8
        mov     crossing_words + 24(%rbx), %r9
        mov     entry_arena_stack(%rbx), %esi
        mov     target_base(%r14), %rdi
        call    *%r13
        mov     %rbx, %rsp
        jmp     .Lreturned

# Capabilities come back, what was given for the time of the call is let go, or there is no room for the arena's stack.
.Lslow_return:
        mov     %rax, crossing_words(%rbx)
        mov     %rdx, crossing_words + 8(%rbx)
        mov     %rcx, crossing_words + 16(%rbx)
        call    .Lkeep_floats
        mov     %rbx, %rdi
        mov     %r12, %rsi
        call    tessera_crossing_take
        call    .Lload_floats
        mov     crossing_words(%rbx), %rax
        mov     crossing_words + 8(%rbx), %rdx
        mov     crossing_words + 16(%rbx), %rcx
        jmp     .Lleave

# The callee was ended: tessera_return_to comes here, with rbp and rbx as they were, in the kernel.
.Lfailed:
        mov     %rbx, %rsp
        mov     %rbx, %rdi
        call    tessera_crossing_failed
        jmp     .Lno_results

# The core has no stack in the callee's arena for this call.
.Lnew_stack:
        mov     %rdx, crossing_words(%rsp)
        mov     %rcx, crossing_words + 8(%rsp)
        mov     %r8, crossing_words + 16(%rsp)
        mov     %r9, crossing_words + 24(%rsp)
        mov     %rsp, %rbx
        call    .Lkeep_floats
        mov     %r14, %rdi
        call    tessera_crossing_stack
        test    %rax, %rax
        jz      .Lno_results_of_rdx
        mov     %eax, %esi
        call    .Lload_floats
        mov     crossing_words(%rbx), %rdx
        mov     crossing_words + 8(%rbx), %rcx
        mov     crossing_words + 16(%rbx), %r8
        mov     crossing_words + 24(%rbx), %r9
        mov     tessera_here@gottpoff(%rip), %r11
        mov     %fs:here_fiber(%r11), %r10
        mov     %fs:here_core(%r11), %r11d
        shl     $core_bytes_log2, %r11
        add     target_cores(%r14), %r11
        jmp     .Lhas_stack
.Lno_results_of_rdx:
        mov     %edx, %eax
        jmp     .Lno_results

.Lno_capability:
        mov     $status_no_capability, %eax
        jmp     .Lno_results
.Lgone:
        mov     $status_gone, %eax
        jmp     .Lno_results
.Lwrong_interface:
        mov     $status_wrong_interface, %eax
        jmp     .Lno_results
.Lno_method:
        mov     $status_no_method, %eax
        jmp     .Lno_results
.Lwrong_signature:
        mov     $status_no_method, %eax
        test    %rdi, %rdi              # the table has a gap there
        mov     $status_wrong_signature, %esi
        cmovnz  %esi, %eax
        jmp     .Lno_results
.Lno_stack:
        mov     $status_no_stack, %eax
.Lno_results:
        xor     %edx, %edx
        xor     %ecx, %ecx
        xorps   %xmm0, %xmm0
        xorps   %xmm1, %xmm1
        jmp     .Lleave

.Lkeep_floats:
        movsd   %xmm0, crossing_floats(%rbx)
        movsd   %xmm1, crossing_floats + 8(%rbx)
        movsd   %xmm2, crossing_floats + 16(%rbx)
        movsd   %xmm3, crossing_floats + 24(%rbx)
        movsd   %xmm4, crossing_floats + 32(%rbx)
        movsd   %xmm5, crossing_floats + 40(%rbx)
        movsd   %xmm6, crossing_floats + 48(%rbx)
        movsd   %xmm7, crossing_floats + 56(%rbx)
        ret
.Lload_floats:
        movsd   crossing_floats(%rbx), %xmm0
        movsd   crossing_floats + 8(%rbx), %xmm1
        movsd   crossing_floats + 16(%rbx), %xmm2
        movsd   crossing_floats + 24(%rbx), %xmm3
        movsd   crossing_floats + 32(%rbx), %xmm4
        movsd   crossing_floats + 40(%rbx), %xmm5
        movsd   crossing_floats + 48(%rbx), %xmm6
        movsd   crossing_floats + 56(%rbx), %xmm7
        ret
        .size   tessera_cross, . - tessera_cross

        .section .note.GNU-stack, "", @progbits

# A call of an object's method: from one domain into another and back. See crossing.h.
#
# In: rax the MethodImport, rdi the caller's arena, esi its stack, rdx the slot; rcx, r8, r9, xmm0 to xmm7 and the stack
# hold the method's own arguments, in the places where the callee wants them: (base, sp, slot, ...) and
# (base, sp, state, ...) differ in values only. Out: as the callee returns, or eax the status and no other results.
#
# What is read of slots and objects stays what it is whoever lets go of them meanwhile: an object's fields are read first,
# its identity last (object/header.h). No register that functions keep is changed.

        # Here
        .set here_fiber, 0
        .set here_core, 8
        # FiberCalls
        .set fiber_entry, 0
        .set fiber_call_limit, 8
        # Slot
        .set slot_object, 0
        .set slot_id, 8
        # ObjectHeader
        .set object_id, 0
        .set object_methods, 8
        .set object_target, 16
        .set object_state, 24
        # MethodTable, Method
        .set methods_bytes, 0
        .set methods_interface, 8
        .set methods_by_words, 24
        .set methods_supers, 32
        .set methods_first, 40
        .set method_address, 0
        .set method_signature, 8
        # CallTarget, CoreCalls
        .set target_base, 0
        .set target_cores, 8
        .set core_bytes_log2, 7
        .set core_free_stacks, 0
        .set core_stacks, 4
        .set free_stacks_max, 31
        # MethodImport
        .set import_interface, 0
        .set import_signature, 8
        .set import_place, 16
        .set import_stack_words, 20
        .set import_wide, 24
        # Crossing: a ProgramEntry, and what else the frame holds
        .set point_rbx, 16
        .set point_r12, 24
        .set point_r13, 32
        .set point_r14, 40
        .set point_r15, 48
        .set entry_outer, 64
        .set entry_target, 72
        .set entry_arena_stack, 80      # and behind it the first temporary slot's number
        .set entry_first_temporary, 84
        .set entry_calls_until, 88
        .set entry_local, 96
        .set crossing_return, 104
        .set crossing_import, 112
        .set crossing_method, 120
        .set crossing_words, 128        # the slot or the state, rcx, r8, r9; or rax, rdx, rcx
        .set crossing_floats, 160       # xmm0 to xmm7
        .set crossing_result, 224       # of a wide call: where the caller wants the results
        .set crossing_bytes, 240

        # message.capnp
        .set message_handler, 0xe9d3b7a46c1f5208

        # status.capnp
        .set status_unsupported, 1
        .set status_stale, 2
        .set status_wrong_interface, 3
        .set status_exhausted, 8
        .set status_too_deep, 9

# The way in, up to where the call is an entry of the fiber: rdi the method, rsi the CallTarget, rdx the state, eax the stack
# in the callee's arena. `new_stack` is where to go without one, and comes back to `has_stack`; `other` where the object is of
# another interface, and comes back to `has_table` if that one extends the one that is meant.
# `wide`: rdi is where the results go, and what is above stands one register further.
        .macro  way_in new_stack, has_stack, other, has_table, wide=0
        push    %rbp
        mov     %rsp, %rbp
        sub     $crossing_bytes, %rsp
        mov     %rax, crossing_import(%rsp)
        .if \wide
        mov     %rdi, crossing_result(%rsp)
        mov     %rcx, %rdx
        .endif
        test    %rdx, %rdx
        jz      .Lstale
        mov     %rdx, crossing_words(%rsp)
        mov     slot_object(%rdx), %r10
        mov     slot_id(%rdx), %r11
        mov     object_methods(%r10), %rdi
        mov     object_target(%r10), %rsi
        mov     object_state(%r10), %rdx
        cmp     object_id(%r10), %r11
        jne     .Lstale
        mov     import_interface(%rax), %r10
        cmp     methods_interface(%rdi), %r10
        jne     \other
\has_table:
        mov     import_place(%rax), %r10d
        cmp     methods_bytes(%rdi), %r10
        jae     .Lunsupported
        add     %r10, %rdi
        mov     methods_first + method_signature(%rdi), %r10
        cmp     import_signature(%rax), %r10
        jne     .Lwrong_signature
        mov     methods_first + method_address(%rdi), %rdi
        mov     tessera_here@gottpoff(%rip), %r10
        mov     %fs:here_fiber(%r10), %r11
        mov     %fs:here_core(%r10), %r10d
        cmp     fiber_call_limit(%r11), %rsp
        jb      .Ltoo_deep
        shl     $core_bytes_log2, %r10
        add     target_cores(%rsi), %r10
        mov     core_free_stacks(%r10), %eax
        sub     $1, %eax
        jb      \new_stack
        mov     %eax, core_free_stacks(%r10)
        mov     core_stacks(%r10, %rax, 4), %eax
\has_stack:
        mov     %rbx, point_rbx(%rsp)
        mov     %r12, point_r12(%rsp)
        mov     %r13, point_r13(%rsp)
        mov     %r14, point_r14(%rsp)
        mov     %r15, point_r15(%rsp)
        mov     fiber_entry(%r11), %r10
        mov     %r10, entry_outer(%rsp)
        mov     %rsi, entry_target(%rsp)
        mov     %rax, entry_arena_stack(%rsp)   # there are no temporary slots
        movq    $0, entry_calls_until(%rsp)
        movl    $0, entry_local(%rsp)
        mov     %rsp, fiber_entry(%r11)         # what ends from here on ends the callee
        .endm

        .text
        .globl  tessera_cross, tessera_cross_more, tessera_cross_wide, tessera_crossing_ended
        .type   tessera_cross, @function
        .p2align 6
# Numbers and slices, all in registers.
tessera_cross:
        way_in  .Lnew_stack, .Lhas_stack, .Lother, .Lhas_table
        mov     %rdi, %r10
        mov     target_base(%rsi), %rdi
        mov     %eax, %esi
        call    *%r10
        mov     tessera_here@gottpoff(%rip), %rsi
        mov     entry_target(%rsp), %rdi
        mov     %fs:here_fiber(%rsi), %r11
        mov     %fs:here_core(%rsi), %r10d
        shl     $core_bytes_log2, %r10
        add     target_cores(%rdi), %r10
        mov     core_free_stacks(%r10), %esi
        cmp     $free_stacks_max, %esi
        jae     .Lslow_return
        cmpl    $0, entry_first_temporary(%rsp)
        jne     .Lslow_return
        mov     entry_arena_stack(%rsp), %edi
        mov     %edi, core_stacks(%r10, %rsi, 4)
        add     $1, %esi
        mov     %esi, core_free_stacks(%r10)
        mov     entry_outer(%rsp), %rsi
        mov     %rsi, fiber_entry(%r11)
        leave
        ret
        .size   tessera_cross, . - tessera_cross

# The same where capabilities go over or come back, or there are arguments on the stack.
        .macro  cross_slowly new_stack, has_stack, other, has_table, wide
        way_in  \new_stack, \has_stack, \other, \has_table, \wide
        mov     %rdi, crossing_method(%rsp)
        mov     %rdx, crossing_words(%rsp)
        mov     %rcx, crossing_words + 8(%rsp)
        mov     %r8, crossing_words + 16(%rsp)
        mov     %r9, crossing_words + 24(%rsp)
        call    .Lkeep_floats
        mov     %rsp, %rdi
        mov     crossing_import(%rsp), %rsi
        # The arguments of the stack, the last one first, so that the callee finds them where the caller put them.
        mov     import_stack_words(%rsi), %ecx
        mov     %ecx, %eax
        and     $1, %eax
        shl     $3, %eax
        sub     %rax, %rsp
        test    %ecx, %ecx
        jz      2f
1:      push    8(%rbp, %rcx, 8)
        sub     $1, %ecx
        jnz     1b
2:      mov     %rsp, %rdx
        call    tessera_crossing_give
        movsd   crossing_floats - crossing_bytes(%rbp), %xmm0
        movsd   crossing_floats - crossing_bytes + 8(%rbp), %xmm1
        movsd   crossing_floats - crossing_bytes + 16(%rbp), %xmm2
        movsd   crossing_floats - crossing_bytes + 24(%rbp), %xmm3
        movsd   crossing_floats - crossing_bytes + 32(%rbp), %xmm4
        movsd   crossing_floats - crossing_bytes + 40(%rbp), %xmm5
        movsd   crossing_floats - crossing_bytes + 48(%rbp), %xmm6
        movsd   crossing_floats - crossing_bytes + 56(%rbp), %xmm7
        mov     crossing_words - crossing_bytes + 16(%rbp), %r8
        mov     crossing_words - crossing_bytes + 24(%rbp), %r9
        mov     entry_target - crossing_bytes(%rbp), %rdi
        .if \wide
        mov     crossing_words - crossing_bytes(%rbp), %rcx
        mov     entry_arena_stack - crossing_bytes(%rbp), %edx
        mov     target_base(%rdi), %rsi
        mov     crossing_result - crossing_bytes(%rbp), %rdi
        .else
        mov     crossing_words - crossing_bytes(%rbp), %rdx
        mov     crossing_words - crossing_bytes + 8(%rbp), %rcx
        mov     entry_arena_stack - crossing_bytes(%rbp), %esi
        mov     target_base(%rdi), %rdi
        .endif
        call    *crossing_method - crossing_bytes(%rbp)
        lea     -crossing_bytes(%rbp), %rsp
        .endm

        .type   tessera_cross_wide, @function
# And where there are more results than registers for them: rdi is where they go, rsi the caller's arena, edx its stack, rcx the
# slot; r8, r9, the floats and the stack hold the method's own arguments. Out: rax as rdi was.
tessera_cross_wide:
        cross_slowly .Lnew_stack_for_wide, .Lhas_stack_for_wide, .Lother_for_wide, .Lhas_table_for_wide, 1
        jmp     .Lslow_return
        .size   tessera_cross_wide, . - tessera_cross_wide

        .type   tessera_cross_more, @function
tessera_cross_more:
        cross_slowly .Lnew_stack_for_more, .Lhas_stack_for_more, .Lother_for_more, .Lhas_table_for_more, 0
.Lslow_return:
        mov     %rax, crossing_words(%rsp)
        mov     %rdx, crossing_words + 8(%rsp)
        mov     %rcx, crossing_words + 16(%rsp)
        call    .Lkeep_floats
        mov     %rsp, %rdi
        mov     crossing_import(%rsp), %rsi
        call    tessera_crossing_take
.Lresults:
        movsd   crossing_floats(%rsp), %xmm0
        movsd   crossing_floats + 8(%rsp), %xmm1
        mov     crossing_words(%rsp), %rax
        mov     crossing_words + 8(%rsp), %rdx
        mov     crossing_words + 16(%rsp), %rcx
        leave
        ret

# The implementer takes calls as words (by_words.h): rax the import, and the slot in the frame.
.Lby_words:
        mov     %rcx, crossing_words + 8(%rsp)
        mov     %r8, crossing_words + 16(%rsp)
        mov     %r9, crossing_words + 24(%rsp)
        call    .Lkeep_floats
        mov     %rsp, %rdi
        lea     16(%rbp), %rsi
        call    tessera_call_by_words
        jmp     .Lresults

# The core has no stack in the callee's arena for this call.
        .macro  get_stack has_stack
        mov     %rdi, crossing_method(%rsp)
        mov     %rsi, entry_target(%rsp)
        mov     %rdx, crossing_words(%rsp)
        mov     %rcx, crossing_words + 8(%rsp)
        mov     %r8, crossing_words + 16(%rsp)
        mov     %r9, crossing_words + 24(%rsp)
        call    .Lkeep_floats
        mov     %rsi, %rdi
        call    tessera_crossing_stack
        mov     %eax, %eax              # of a 32-bit result the upper half is anything
        test    %eax, %eax
        jz      .Lno_memory
        movsd   crossing_floats(%rsp), %xmm0
        movsd   crossing_floats + 8(%rsp), %xmm1
        movsd   crossing_floats + 16(%rsp), %xmm2
        movsd   crossing_floats + 24(%rsp), %xmm3
        movsd   crossing_floats + 32(%rsp), %xmm4
        movsd   crossing_floats + 40(%rsp), %xmm5
        movsd   crossing_floats + 48(%rsp), %xmm6
        movsd   crossing_floats + 56(%rsp), %xmm7
        mov     crossing_method(%rsp), %rdi
        mov     entry_target(%rsp), %rsi
        mov     crossing_words(%rsp), %rdx
        mov     crossing_words + 8(%rsp), %rcx
        mov     crossing_words + 16(%rsp), %r8
        mov     crossing_words + 24(%rsp), %r9
        mov     tessera_here@gottpoff(%rip), %r10
        mov     %fs:here_fiber(%r10), %r11
        jmp     \has_stack
        .endm
.Lnew_stack:
        get_stack .Lhas_stack
.Lnew_stack_for_more:
        get_stack .Lhas_stack_for_more
.Lnew_stack_for_wide:
        get_stack .Lhas_stack_for_wide

# r10 is the interface that is meant, rdi the object's table.
        .macro  find_table has_table
        mov     methods_supers(%rdi), %r11
        test    %r11, %r11
        jz      .Lwrong_interface
1:      mov     (%r11), %rdi
        add     $8, %r11
        test    %rdi, %rdi
        jz      .Lno_such_interface
        cmp     methods_interface(%rdi), %r10
        jne     1b
        jmp     \has_table
        .endm
.Lother:
        find_table .Lhas_table
.Lother_for_more:
        find_table .Lhas_table_for_more
.Lother_for_wide:
        find_table .Lhas_table_for_wide

.Lno_memory:
        mov     $status_exhausted, %eax
        jmp     .Lno_results
.Lstale:
        mov     $status_stale, %eax
        jmp     .Lno_results
.Lwrong_interface:
        cmpq    $0, methods_by_words(%rdi)
        jne     .Lby_words
.Lno_such_interface:
        movabs  $message_handler, %r10      # any object can be called by message
        cmp     import_interface(%rax), %r10
        je      .Lby_words
        mov     $status_wrong_interface, %eax
        jmp     .Lno_results
.Lunsupported:
        cmpq    $0, methods_by_words(%rdi)
        jne     .Lby_words
        mov     $status_unsupported, %eax
        jmp     .Lno_results
.Lwrong_signature:
        test    %r10, %r10
        jnz     .Lby_words              # of another version perhaps
        mov     $status_unsupported, %eax       # the table has a gap there
        jmp     .Lno_results
.Ltoo_deep:
        mov     $status_too_deep, %eax
.Lno_results:
        mov     crossing_import(%rsp), %rdi
        cmpb    $0, import_wide(%rdi)
        jne     .Lno_wide_results
        xor     %edx, %edx
        xor     %ecx, %ecx
        xorps   %xmm0, %xmm0
        xorps   %xmm1, %xmm1
        leave
        ret

.Lno_wide_results:
        mov     crossing_result(%rsp), %rsi
        mov     %eax, %edx
        call    tessera_crossing_no_results
        mov     crossing_result(%rsp), %rax
        leave
        ret

# Called with the frame above the return address.
.Lkeep_floats:
        movsd   %xmm0, 8 + crossing_floats(%rsp)
        movsd   %xmm1, 8 + crossing_floats + 8(%rsp)
        movsd   %xmm2, 8 + crossing_floats + 16(%rsp)
        movsd   %xmm3, 8 + crossing_floats + 24(%rsp)
        movsd   %xmm4, 8 + crossing_floats + 32(%rsp)
        movsd   %xmm5, 8 + crossing_floats + 40(%rsp)
        movsd   %xmm6, 8 + crossing_floats + 48(%rsp)
        movsd   %xmm7, 8 + crossing_floats + 56(%rsp)
        ret

# The callee was ended: where the crossing's point leads (crossing.cpp), in the kernel, with the registers that functions
# keep as they were and the stack behind crossing_return.
tessera_crossing_ended:
        sub     $crossing_return + 8, %rsp
        mov     %rsp, %rdi
        call    tessera_crossing_failed
        jmp     .Lno_results
        .size   tessera_cross_more, . - tessera_cross_more

        .section .note.GNU-stack, "", @progbits

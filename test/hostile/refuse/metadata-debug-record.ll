; refuse: SIR024 a debug record names values
; form: checked
define internal i32 @f(ptr %base, i32 %i) !dbg !3 {
    #dbg_value(i32 %i, !4, !DIExpression(), !5)
  ret i32 0
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: LineTablesOnly)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "a.c", directory: "")
!3 = distinct !DISubprogram(name: "f", scope: !2, file: !2, line: 1, type: !6, spFlags: DISPFlagDefinition, unit: !0)
!4 = !DILocalVariable(name: "i", scope: !3)
!5 = !DILocation(line: 1, scope: !3)
!6 = !DISubroutineType(types: !{})

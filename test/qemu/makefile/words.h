#pragma once

const char* one(void);
const char* two(int count, ...);

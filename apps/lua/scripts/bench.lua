-- Lua's usual benchmarks: lua bench.lua [FILTER [REPEATS]]. Prints `kernel NAME CHECKSUM NANOSECONDS`, the best of REPEATS.
local filter, repeats = arg[1] or "", tonumber(arg[2] or 2)

local kernels = {}
local function kernel(name, run) kernels[#kernels + 1] = {name = "lua_" .. name, run = run} end

kernel("fib", function()
    local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
    return fib(27)
end)

kernel("nbody", function()
    local bodies = {}
    for i = 1, 5 do
        bodies[i] = {x = i * 1.5, y = i % 3 - 1.0, z = i * 0.25, vx = 0.01 * i, vy = 0.02 / i, vz = 0.0, mass = 1.0 / i}
    end
    for _ = 1, 12000 do
        for i = 1, 5 do
            local a = bodies[i]
            for j = i + 1, 5 do
                local b = bodies[j]
                local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
                local d2 = dx * dx + dy * dy + dz * dz
                local mag = 0.001 / (math.sqrt(d2) * d2)
                a.vx, a.vy, a.vz = a.vx - dx * b.mass * mag, a.vy - dy * b.mass * mag, a.vz - dz * b.mass * mag
                b.vx, b.vy, b.vz = b.vx + dx * a.mass * mag, b.vy + dy * a.mass * mag, b.vz + dz * a.mass * mag
            end
        end
        for i = 1, 5 do
            local a = bodies[i]
            a.x, a.y, a.z = a.x + 0.001 * a.vx, a.y + 0.001 * a.vy, a.z + 0.001 * a.vz
        end
    end
    return math.floor(bodies[1].x * 1e9)
end)

kernel("spectral_norm", function()
    local n = 100
    local function a(i, j) local ij = i + j - 1; return 1.0 / (ij * (ij - 1) * 0.5 + i) end
    local function times(x, y, transposed)
        for i = 1, n do
            local sum = 0
            for j = 1, n do sum = sum + x[j] * (transposed and a(j, i) or a(i, j)) end
            y[i] = sum
        end
    end
    local u, v, t = {}, {}, {}
    for i = 1, n do u[i] = 1 end
    for _ = 1, 6 do
        times(u, t, false) times(t, v, true)
        times(v, t, false) times(t, u, true)
    end
    local uv, vv = 0, 0
    for i = 1, n do uv = uv + u[i] * v[i]; vv = vv + v[i] * v[i] end
    return math.floor(math.sqrt(uv / vv) * 1e9)
end)

kernel("binary_trees", function()
    local function grow(depth)
        if depth == 0 then return {} end
        return {grow(depth - 1), grow(depth - 1)}
    end
    local function count(tree) return tree[1] and 1 + count(tree[1]) + count(tree[2]) or 1 end
    local total = 0
    for _ = 1, 12 do total = total + count(grow(11)) end
    return total
end)

kernel("fannkuch", function()
    local n, p, q, s, sign, most, sum = 8, {}, {}, {}, 1, 0, 0
    for i = 1, n do p[i], q[i], s[i] = i, i, i end
    while true do
        local first = p[1]
        if first ~= 1 then
            for i = 2, n do q[i] = p[i] end
            local flips = 1
            while true do
                local next_first = q[first]
                if next_first == 1 then
                    sum = sum + sign * flips
                    most = flips > most and flips or most
                    break
                end
                q[first] = first
                if first >= 4 then
                    local i, j = 2, first - 1
                    repeat q[i], q[j] = q[j], q[i]; i, j = i + 1, j - 1 until i >= j
                end
                first, flips = next_first, flips + 1
            end
        end
        if sign == 1 then
            p[2], p[1], sign = p[1], p[2], -1
        else
            p[2], p[3], sign = p[3], p[2], 1
            for i = 3, n do
                local left = s[i]
                if left ~= 1 then s[i] = left - 1; break end
                if i == n then return sum * 100 + most end
                s[i] = i
                local t = p[1]
                for j = 1, i do p[j] = p[j + 1] end
                p[i + 1] = t
            end
        end
    end
end)

kernel("strings", function()
    local parts = {}
    for i = 1, 12000 do parts[#parts + 1] = string.format("%d:%s;", i * 7919 % 1000, ("x"):rep(i % 7)) end
    local text, total = table.concat(parts), 0
    for number, xs in text:gmatch("(%d+):(x*);") do total = total + tonumber(number) * #xs end
    local replaced, count = text:gsub("xx", "y")
    for i = 1, #replaced, 3 do total = total + replaced:byte(i) end
    return total + count + #replaced:upper() + (replaced:find("999:", 1, true) or 0)
end)

kernel("sort", function()
    local state, numbers = 42, {}
    for i = 1, 30000 do state = (state * 1103515245 + 12345) % 2147483648; numbers[i] = state end
    table.sort(numbers)
    local by_digits = {}
    for i = 1, 8000 do by_digits[i] = numbers[i * 3] end
    table.sort(by_digits, function(a, b) return a % 1000 < b % 1000 or (a % 1000 == b % 1000 and a < b) end)
    return numbers[15000] + by_digits[4000]
end)

kernel("sieve", function()
    local count = 0
    for _ = 1, 4 do
        local composite = {}
        for i = 2, 60000 do
            if not composite[i] then
                count = count + 1
                for j = i * i, 60000, i do composite[j] = true end
            end
        end
    end
    return count
end)

kernel("queens", function()
    local n, found = 8, 0
    local columns, up, down = {}, {}, {}
    local function place(row)
        if row > n then found = found + 1; return end
        for c = 1, n do
            if not (columns[c] or up[row + c] or down[row - c + n]) then
                columns[c], up[row + c], down[row - c + n] = true, true, true
                place(row + 1)
                columns[c], up[row + c], down[row - c + n] = false, false, false
            end
        end
    end
    for _ = 1, 4 do place(1) end
    return found
end)

kernel("objects", function()
    local Account = {}
    Account.__index = Account
    function Account.new(balance) return setmetatable({balance = balance}, Account) end
    function Account:deposit(amount) self.balance = self.balance + amount; return self end
    local Special = setmetatable({__index = nil}, {__index = Account})
    Special.__index = Special
    function Special:fee() return self.balance // 1000 end
    local total = 0
    local special = setmetatable(Account.new(5), Special)
    for i = 1, 150000 do
        special:deposit(i % 10)
        total = total + special:fee()
    end
    return total
end)

for _, one in ipairs(kernels) do
    local wanted = filter:sub(1, 1) == "=" and one.name == filter:sub(2) or one.name:find(filter, 1, true)
    if wanted and repeats == 0 then
        print("kernel " .. one.name)
    elseif wanted then
        local best, sum = math.huge, nil
        for _ = 1, repeats do
            collectgarbage()
            local begin = os.clock()
            sum = one.run()
            best = math.min(best, os.clock() - begin)
        end
        print(string.format("kernel %s %d %.0f", one.name, sum, best * 1e9))
    end
end

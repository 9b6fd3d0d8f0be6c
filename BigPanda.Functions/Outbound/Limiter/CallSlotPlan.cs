namespace BigPanda.Functions.Outbound.Limiter;

/// <param name="Needed">How many slots could be used now.</param>
/// <param name="IsIdle">None is needed and none was used lately.</param>
internal readonly record struct SlotDemand(int Needed, bool IsIdle);

/// <summary>A slot's row. <paramref name="At"/>, like all times here, is the storage service's, as instances' clocks differ.</summary>
/// <param name="Holder">The instance with the lease; empty when it was released.</param>
internal sealed record SlotRow(int Number, string Holder, DateTimeOffset At, string ETag);

/// <summary>The row of an instance that needs more slots than it holds.</summary>
internal sealed record WantRow(string Instance, DateTimeOffset At);

/// <summary>The slots' rows as of <paramref name="Now"/>.</summary>
internal sealed record SlotTable(DateTimeOffset Now, IReadOnlyList<SlotRow> Slots, IReadOnlyList<WantRow> Wants);

/// <summary>A slot to take, and how long the API may still count the previous holder's calls.</summary>
internal readonly record struct SlotToTake(int Number, TimeSpan ReadyIn);

/// <summary>
/// Decides which slots an instance keeps, takes and releases. Pure. Each instance with work has a share; it takes more only while no other lacks
/// its own, and returns it when one does. With more instances than slots, the slots rotate.
/// </summary>
/// <param name="Wants">The instance needs more slots than it can hold now.</param>
/// <param name="Forgotten">Instances whose wants are too old to count; their rows are deleted.</param>
internal sealed record SlotPlan(
    IReadOnlyList<int> Keep, IReadOnlyList<SlotToTake> Take, IReadOnlyList<int> Release, bool Wants, IReadOnlyList<string> Forgotten)
{
    /// <summary>How long a lease lasts after its last renewal. Its holder stops using it well before.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    /// <summary>How long a holder uses a lease without renewing it, by its own monotonic clock and from before the renewal was sent.</summary>
    public static readonly TimeSpan Use = TimeSpan.FromSeconds(14);

    private static readonly TimeSpan Round = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    public int Held => Keep.Count + Take.Count;

    /// <param name="me">This instance's id.</param>
    /// <param name="count">How many slots the rate is divided into.</param>
    /// <param name="interval">The least time between two calls of one slot.</param>
    public static SlotPlan Of(SlotTable table, string me, int count, TimeSpan interval, SlotDemand demand)
    {
        var slots = table.Slots.Where(slot => slot.Number < count).ToList();
        var mine = slots.Where(slot => slot.Holder == me).Select(slot => slot.Number).ToList();
        var taken = slots.Where(slot => slot.Holder.Length > 0 && slot.Holder != me && IsAlive(slot.At, table.Now)).ToList();
        var wanting = table.Wants.Where(want => want.Instance != me && IsAlive(want.At, table.Now)).Select(want => want.Instance).ToHashSet();
        var shares = Shares([.. taken.Select(slot => slot.Holder), .. wanting, me], count, table.Now);
        var lacking = wanting.Sum(other => Math.Max(0, shares[other] - taken.Count(slot => slot.Holder == other)));
        var free = Enumerable.Range(0, count).Except(mine).Except(taken.Select(slot => slot.Number)).ToList();

        var most = Math.Max(shares[me], mine.Count + free.Count - lacking);
        var take = free.Take(Math.Max(0, Math.Min(demand.Needed, most) - mine.Count)).ToList();
        var release = demand.IsIdle ? mine : mine.Skip(Kept(mine.Count, shares[me], demand.Needed, lacking - free.Count)).ToList();
        return new SlotPlan(
            [.. mine.Except(release)],
            [.. take.Select(number => new SlotToTake(number, ReadyIn(slots.Find(slot => slot.Number == number), table.Now, interval)))],
            release,
            Wants: mine.Count - release.Count + take.Count < demand.Needed,
            Forgotten: [.. table.Wants.Where(want => want.Instance != me && table.Now - want.At > ForgottenAfter).Select(want => want.Instance)]);
    }

    private static bool IsAlive(DateTimeOffset at, DateTimeOffset now) => now - at < Lifetime;

    /// <param name="missing">How many slots of their shares other instances lack and cannot take from the free ones.</param>
    private static int Kept(int held, int share, int needed, int missing) => missing <= 0 ? held : Math.Max(Math.Min(share, needed), held - missing);

    /// <summary>Divides the slots evenly. With more instances than slots, who has one changes each round of the service's clock.</summary>
    private static Dictionary<string, int> Shares(IEnumerable<string> instances, int count, DateTimeOffset now)
    {
        var all = instances.Distinct().Order(StringComparer.Ordinal).ToList();
        var first = all.Count > count ? (int)(now.UtcTicks / Round.Ticks * count % all.Count) : 0;
        return all.Index().ToDictionary(
            one => one.Item,
            one => count / all.Count + ((one.Index - first + all.Count) % all.Count < count % all.Count ? 1 : 0));
    }

    /// <summary>A response's date has whole seconds: rounding down never makes a slot older than it is.</summary>
    private static TimeSpan ReadyIn(SlotRow? slot, DateTimeOffset now, TimeSpan interval)
    {
        if (slot is null) return TimeSpan.Zero;
        var unused = now - slot.At - (slot.Holder.Length > 0 ? Use : TimeSpan.Zero);
        return unused >= interval ? TimeSpan.Zero : unused <= TimeSpan.Zero ? interval : interval - unused;
    }
}

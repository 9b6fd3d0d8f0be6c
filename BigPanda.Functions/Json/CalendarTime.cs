namespace BigPanda.Functions.Json;

/// <summary>Makes a time from its calendar and clock fields.</summary>
internal static class CalendarTime
{
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(18);

    /// <summary>Null for an invalid time. 24:00 is the end of the day, :60 a leap second.</summary>
    public static DateTimeOffset? Of(int year, int month, int day, int hour, int minute, int second, long ticks, TimeSpan offset)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        if (hour is < 0 or > 24 || minute is < 0 or > 59 || second is < 0 or > 60 || ticks is < 0 or >= TimeSpan.TicksPerSecond) return null;
        if ((hour == 24 && (minute, second, ticks) != (0, 0, 0)) || offset.Duration() > MaxOffset) return null;
        var utc = new DateTime(year, month, day).Ticks + new TimeSpan(hour, minute, second).Ticks + ticks - offset.Ticks;
        return utc < 0 || utc > DateTimeOffset.MaxValue.Ticks ? null : new DateTimeOffset(utc, TimeSpan.Zero);
    }
}

using System.Buffers;
using System.Globalization;

namespace BigPanda.Functions.Json;

/// <summary>A time in text while its words are being read.</summary>
internal struct TimeParts
{
    private static readonly SearchValues<char> ClockChars = SearchValues.Create("0123456789:.,");
    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];
    private static readonly string[] Days = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    private int? _year;
    private int? _month;
    private int? _day;
    private (int Hour, int Minute, int Second, long Ticks)? _time;
    private bool? _afternoon;
    private TimeSpan? _offset;
    private bool _hasNumericOffset;
    private bool _hasUnknownZone;

    /// <summary>False for a word that is not part of a time, or repeats a part.</summary>
    public bool Take(string word)
    {
        if (word.All(char.IsAsciiLetter) || (word.EndsWith('.') && word[..^1].All(char.IsAsciiLetter))) return Name(word.TrimEnd('.'));
        if (word.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(word[0])) return Clock(word);
        if (!char.IsAsciiDigit(word[0])) return Zone(word);
        if (word.IndexOfAny(['-', '/', '.']) is > 0 and var at && HasNoDate && Date(word.Split(word[at]))) return true;
        return Number(word);
    }

    /// <param name="region">A zone name, used only without another offset.</param>
    public readonly DateTimeOffset? ToTime(string? region)
    {
        var offset = _offset ?? (region is null ? TimeSpan.Zero : TimeZoneText.Read(region));
        if (offset is null || (_hasUnknownZone && !_hasNumericOffset)) return null;
        if (_year is not { } year || _month is not { } month || _day is not { } day) return null;
        var (hour, minute, second, ticks) = _time ?? default;
        if (_afternoon is { } afternoon)
        {
            if (_time is null || hour is < 1 or > 12) return null;
            hour = (hour % 12) + (afternoon ? 12 : 0);
        }

        return CalendarTime.Of(year, month, day, hour, minute, second, ticks, offset.Value);
    }

    private readonly bool HasNoDate => _year is null && _month is null && _day is null;

    private readonly bool HasDate => _year is not null && _month is not null && _day is not null;

    private bool Name(string word)
    {
        if (word.Equals("at", StringComparison.OrdinalIgnoreCase) || IndexOf(Days, word) >= 0) return true;
        if (IndexOf(Months, word) is >= 0 and var month) return Set(ref _month, month + 1);
        if (word.ToUpperInvariant() is "AM" or "PM") return Set(ref _afternoon, word[0] is 'P' or 'p');
        return Zone(word);
    }

    /// <summary>Matches three letters or more: Mon, Thur, September.</summary>
    private static int IndexOf(string[] names, string word) =>
        word.Length < 3 ? -1 : Array.FindIndex(names, name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private bool Date(string[] parts)
    {
        if (parts.Length != 3) return false;
        if (parts[0].Length == 4) return Of(parts[0], parts[1], parts[2]);
        return IndexOf(Months, parts[1]) is >= 0 and var month && Of(Year(parts[2]), $"{month + 1}", parts[0]);
    }

    private bool Of(string year, string month, string day) =>
        TryInt(year, 4, out var y) && TryInt(month, 2, out var m) && TryInt(day, 2, out var d) && Set(ref _year, y) && Set(ref _month, m) && Set(ref _day, d);

    /// <summary>07:38, 07:38:02, 07:38:02.123456789, with or without a zone directly behind.</summary>
    private bool Clock(string word)
    {
        var end = word.AsSpan().IndexOfAnyExcept(ClockChars);
        var clock = end < 0 ? word : word[..end];
        var parts = clock.Split(':');
        if (parts.Length is < 2 or > 3 || !TryInt(parts[0], 2, out var hour) || !TryInt(parts[1], 2, out var minute)) return false;
        var (second, ticks) = (0, 0L);
        if (parts.Length == 3 && !Seconds(parts[2], out second, out ticks)) return false;
        return Set(ref _time, (hour, minute, second, ticks)) && (end < 0 || Suffix(word[end..]));
    }

    /// <summary>A year, a day, or a form without separators: 20260410, 073802.5Z.</summary>
    private bool Number(string word)
    {
        var end = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? word : word[..end];
        if (HasDate && digits.Length is 4 or 6) return Compact(word);
        if (end >= 0) return false;
        if (digits.Length == 8 && HasNoDate) return Of(digits[..4], digits[4..6], digits[6..]);
        if (digits.Length is not (1 or 2 or 4)) return false;
        var isYear = digits.Length == 4 || _day is not null;
        return TryInt(isYear ? Year(digits) : digits, 4, out var number) && (isYear ? Set(ref _year, number) : Set(ref _day, number));
    }

    private bool Compact(string word)
    {
        var end = word.AsSpan().IndexOfAnyExcept(ClockChars);
        var clock = end < 0 ? word : word[..end];
        if (!TryInt(clock[..2], 2, out var hour) || !TryInt(clock[2..4], 2, out var minute)) return false;
        var (second, ticks) = (0, 0L);
        if (clock.Length > 4 && !Seconds(clock[4..], out second, out ticks)) return false;
        return Set(ref _time, (hour, minute, second, ticks)) && (end < 0 || Suffix(word[end..]));
    }

    /// <summary>7:38PM, 07:38Z, 07:38+01:00.</summary>
    private bool Suffix(string word) => word.All(char.IsAsciiLetter) ? Name(word) : Zone(word);

    /// <summary>A numeric offset overrides a zone name next to it.</summary>
    private bool Zone(string word)
    {
        var isNumeric = word.AsSpan().ContainsAny('+', '-');
        if (TimeZoneText.Read(word) is { } offset)
        {
            if (_offset is null || (isNumeric && !_hasNumericOffset)) _offset = offset;
            _hasNumericOffset |= isNumeric;
            return true;
        }

        _hasUnknownZone = true;
        return word.Length <= 5 && word.All(char.IsAsciiLetter);
    }

    private static bool Seconds(string text, out int second, out long ticks)
    {
        ticks = 0;
        var point = text.AsSpan().IndexOfAny('.', ',');
        if (!TryInt(point < 0 ? text : text[..point], 2, out second)) return false;
        if (point < 0) return true;
        var fraction = text[(point + 1)..];
        if (fraction.Length == 0 || !fraction.All(char.IsAsciiDigit)) return false;
        ticks = long.Parse(fraction.PadRight(7, '0')[..7], CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Two digits mean 1970 to 2069.</summary>
    private static string Year(string digits) => digits.Length != 2 ? digits : string.CompareOrdinal(digits, "70") < 0 ? $"20{digits}" : $"19{digits}";

    private static bool TryInt(string text, int maxDigits, out int value)
    {
        value = 0;
        return text.Length <= maxDigits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool Set<T>(ref T? part, T value)
        where T : struct
    {
        if (part is not null) return false;
        part = value;
        return true;
    }
}

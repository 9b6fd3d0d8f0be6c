using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Storage;
using FsCheck;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Storage;

public class TableKeyTests
{
    [Theory]
    [InlineData("5555370aabc20a001145d6g9", "5555370aabc20a001145d6g9")]
    [InlineData("a/b", "a-2Fb")]
    [InlineData("a-2Fb", "a-2D2Fb")]
    [InlineData("ä", "-C3-A4")]
    [InlineData("aZ09_.:@", "aZ09_.:@")]
    [InlineData("a_b.c:d@e/", "a_b.c:d@e-2F")]
    [InlineData("\\#?%+ \n", "-5C-23-3F-25-2B-20-0A")]
    public void Plain_characters_stay_and_others_are_written_as_bytes(string id, string key) => Assert.Equal(key, TableKey.Of(id));

    [Property(MaxTest = 2000)]
    public bool Different_ids_have_different_keys_that_the_service_takes(NonNull<string> left, NonNull<string> right)
    {
        var (a, b) = (TableKey.Of(left.Get), TableKey.Of(right.Get));
        return IsKey(a) && IsKey(b) && ((left.Get == right.Get) == (a == b) || HasHalfPair(left.Get) || HasHalfPair(right.Get));
    }

    /// <summary>Full of what a key may not have, of what keys are written with, and of keys of other ids.</summary>
    [Fact]
    public void A_hundred_thousand_odd_ids_have_different_keys_that_the_service_takes()
    {
        string[] parts =
        [
            "/", "\\", "#", "?", "%", "%2F", "+", "-", "-2F", "-2D", "-h", "_", ".", ":", "@", "'", "\"", " ", "\0", "\u001f", "\u007f", "\u0085", "\u2028",
            "a", "A", "\u00e4", "a\u0308", "\u0131", "\u9375", "\U0001f525",
        ];
        var random = new Random(20261127);
        Dictionary<string, string> ids = [];
        var last = "";
        while (ids.Count < 100_000)
        {
            var length = random.Next(1, random.Next(20) == 0 ? 300 : 12);
            last = random.Next(10) == 0 ? TableKey.Of(last) : string.Concat(random.GetItems(parts, length));
            var key = TableKey.Of(last);
            Assert.True(IsKey(key), last);
            if (!ids.TryAdd(key, last)) Assert.Equal(ids[key], last);
        }
    }

    [Fact]
    public void A_very_long_id_becomes_a_hash()
    {
        var key = TableKey.Of(new string('ü', 400));

        Assert.StartsWith("-h", key, StringComparison.Ordinal);
        Assert.Equal(66, key.Length);
        Assert.NotEqual(key, TableKey.Of(new string('ü', 401)));
    }

    [Theory]
    [InlineData("x", 400, "x")]
    [InlineData("ü", 66, "-C3-BC")]
    public void A_key_of_400_characters_is_not_hashed(string character, int count, string written)
    {
        var id = string.Concat(Enumerable.Repeat(character, count));

        Assert.Equal(string.Concat(Enumerable.Repeat(written, count)), TableKey.Of(id));
        Assert.StartsWith("-h", TableKey.Of(id + character), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hashed_key_has_the_SHA_256_of_the_id() => Assert.Equal(
        "-h" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(new string('x', 401)))), TableKey.Of(new string('x', 401)));

    private static bool IsKey(string key) =>
        key.Length <= EntityLimits.MaxKeyChars && key.All(c => char.IsAsciiLetterOrDigit(c) || "_.:@-".Contains(c, StringComparison.Ordinal));

    /// <summary>The intake refuses such ids: they are not valid text.</summary>
    private static bool HasHalfPair(string text) => text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD);
}

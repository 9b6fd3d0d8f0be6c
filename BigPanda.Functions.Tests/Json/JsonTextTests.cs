using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("äß€🔥", "äß€🔥")]
    [InlineData("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [InlineData("""\u0041\u00e4\u20AC""", "Aä€")]
    [InlineData("""\ud83d\udd25""", "🔥")]
    [InlineData("""\u0000""", "\0")]
    [InlineData("""a\ud800""", "a\uFFFD")]
    [InlineData("""\udc00z""", "\uFFFDz")]
    [InlineData("""\ud800\ud800""", "\uFFFD\uFFFD")]
    [InlineData("""\udd25\ud83d""", "\uFFFD\uFFFD")]
    [InlineData("""\ud83d\ud83d\udd25""", "\uFFFD🔥")]
    [InlineData("""\ud83dx\udd25""", "\uFFFDx\uFFFD")]
    [InlineData("""\ud83d\n\udd25 ä\\u0041""", "\uFFFD\n\uFFFD ä\\u0041")]
    [InlineData("""ä\ud800€🔥\"\\""", "ä\uFFFD€🔥\"\\")]
    public void Text_is_read_and_half_a_surrogate_pair_replaced(string json, string text)
    {
        var reader = Over(json);

        Assert.Equal(text, JsonText.Read(ref reader));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("""\ud83d\udd25""", "🔥")]
    [InlineData("""\uFFFD""", "\uFFFD")]
    [InlineData("\uFFFD", "\uFFFD")]
    [InlineData("""\ud83d""", null)]
    [InlineData("""x\udd25\ud83d""", null)]
    public void Strictly_read_text_with_half_a_pair_is_none(string json, string? text)
    {
        var reader = Over(json);

        Assert.Equal(text, JsonText.TryReadStrict(ref reader));
    }

    [Theory]
    [InlineData("id", true)]
    [InlineData("""i\u0064""", true)]
    [InlineData("""\u0069\u0064""", true)]
    [InlineData("ID", false)]
    [InlineData("idd", false)]
    [InlineData("i", false)]
    [InlineData("", false)]
    [InlineData("""\ud800""", false)]
    [InlineData("""i\udc00""", false)]
    public void A_name_is_compared_as_text(string json, bool same)
    {
        var reader = Over(json);

        Assert.Equal(same, JsonText.Is(ref reader, "id"u8));
    }

    private static Utf8JsonReader Over(string inQuotes)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{inQuotes}\""));
        Assert.True(reader.Read());
        return reader;
    }
}

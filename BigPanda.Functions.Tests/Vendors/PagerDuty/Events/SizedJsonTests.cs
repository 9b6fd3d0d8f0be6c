using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

public sealed class SizedJsonTests
{
    /// <summary>What is counted is never less than what is written: a name may be escaped, and punctuation comes on top.</summary>
    [Theory]
    [InlineData("ab", 19, true, 0)]
    [InlineData("ab", 18, false, 18)]
    [InlineData(null, 7, true, 0)]
    [InlineData(null, 6, false, 6)]
    [InlineData(null, 10, true, 3)]
    public void A_value_is_written_while_it_and_the_longest_form_of_its_name_fit(string? name, int left, bool isWritten, int leftThen)
    {
        using var json = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
        using var sized = new SizedJson(json);
        if (name is null) json.WriteStartArray();
        else json.WriteStartObject();

        Assert.Equal(isWritten, sized.TryWrite(name, item => item.WriteNumberValue(123), ref left));

        Assert.Equal(leftThen, left);
        Assert.Equal(!isWritten ? 1 : name is null ? "[123".Length : "{\"ab\":123".Length, sized.Bytes);
    }
}

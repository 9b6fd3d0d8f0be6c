using System.Text;
using System.Text.Json;
using BigPanda.Functions.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace BigPanda.Functions.Tests.Fuzz;

/// <summary>A body, printed so that a failing one can be read and repeated.</summary>
internal sealed record MutatedBody(byte[] Bytes)
{
    private const int Shown = 4000;

    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Bytes);
        return text.Length <= Shown
            ? $"{text} (base64 {Convert.ToBase64String(Bytes)})"
            : $"{text[..Shown]}… ({Bytes.Length} bytes)";
    }
}

/// <summary>Samples with a few names and values replaced by hostile ones, and some with damaged bytes.</summary>
internal static class MutatedBodies
{
    private enum Edit
    {
        /// <summary>A name in place of a name, a value in place of a value: most results are still JSON.</summary>
        Replace,

        /// <summary>A member before another one.</summary>
        Insert,

        /// <summary>A value in place of another one of the same body: of another type, or one level down again.</summary>
        Copy,

        /// <summary>A part of the body twice.</summary>
        Double,

        Remove,
        Cut,
        Overwrite,
    }

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1e400", "-1e400", "1649576282000", "999999999999999", "123456789012345678901234567890", "-1",
        "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud83d\"", "\"\\ud83d\\udd25\"", "\"\\u2028\\u0085\"", "\"\\r\\nforged: 1\\u001b[31m\"",
        "\"ä€🔥\"", "\"2022-04-10T07:38:02Z\"", "\"12:30\"", "\"=1+1\"", "\"<script>alert(1)</script>\"", "\"../../x\"", "\"javascript:alert(1)\"",
        "\"incident#closed\"", "\"host\"", "\"tags\"", "\"ok\"", "\"critical\"",
        "{}", "[]", "[[]]", "[{}]", "{\"\":{}}", "[null,1,\"\\ud800\",{\"\\udfff\":[]}]",
        "{\"id\":\"\\ud800\",\"name\":\"\\udc00\",\"value\":[{\"a\":\"\\ud800\"}]}",
        Run('x', 300), Run('€', 70_000), Run('[', 70), new string('[', 70) + new string(']', 70),
    ];

    private static readonly string[] Names =
    [
        "\"id\"", "\"\\u0069d\"", "\"ID\"", "\"incident\"", "\"active\"", "\"tags\"", "\"value\"", "\"name\"", "\"event\"", "\"time\"", "\"event_types\"",
        "\"metadata\"", "\"links\"", "\"data\"", "\"alerts\"", "\"labels\"", "\"status\"",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"i\\udc00\"", "\"__proto__\"", Run('n', 300),
    ];

    private static readonly byte[] Octets = [0, 0x1F, (byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)'[', (byte)',', (byte)'0', 0x80, 0xC0, 0xED, 0xFF];

    public static Arbitrary<MutatedBody> Of(IReadOnlyList<byte[]> samples) => Arb.From(
        from start in Gen.Elements<byte[]>([.. samples])
        from mutations in Gen.ListOf(One, 4)
        from count in Gen.Choose(1, 4)
        select new MutatedBody(mutations.Take(count).Aggregate(start, Apply)));

    private static Gen<Mutation> One =>
        from edit in Gen.Frequency(
            (12, Gen.Constant(Edit.Replace)), (2, Gen.Constant(Edit.Insert)), (2, Gen.Constant(Edit.Copy)),
            (1, Gen.Elements(Edit.Double, Edit.Remove, Edit.Cut, Edit.Overwrite)))
        from place in Gen.Choose(0, 1_000_000)
        from other in Gen.Choose(0, 1_000_000)
        select new Mutation(edit, place, other);

    private static byte[] Apply(byte[] json, Mutation mutation) => mutation.Edit switch
    {
        Edit.Replace or Edit.Insert or Edit.Copy => EditPlace(json, mutation),
        _ when json.Length == 0 => json,
        _ => EditBytes(json, mutation.Edit, mutation.Place % json.Length, mutation.Other),
    };

    private static byte[] EditPlace(byte[] json, Mutation mutation)
    {
        var places = PlacesOf(json);
        if (places.Count == 0) return json;
        var at = places[mutation.Place % places.Count];
        if (mutation.Edit == Edit.Insert && at.IsName)
            return SamplesEditor.Replace(json, at.Start, 0, Encoding.UTF8.GetBytes($"{Names[mutation.Other % Names.Length]}:7,"));
        if (mutation.Edit != Edit.Copy || at.IsName)
            return SamplesEditor.Replace(json, at, at.IsName ? Names[mutation.Other % Names.Length] : Values[mutation.Other % Values.Length]);
        var values = places.Where(place => !place.IsName).ToList();
        var copied = values[mutation.Other % values.Count];
        return SamplesEditor.Replace(json, at.Start, at.Length, json.AsSpan(copied.Start, copied.Length));
    }

    private static byte[] EditBytes(byte[] bytes, Edit edit, int at, int other)
    {
        var length = Math.Min(1 + other % 40, bytes.Length - at);
        return edit switch
        {
            Edit.Double => SamplesEditor.Replace(bytes, at, 0, bytes.AsSpan(at, length)),
            Edit.Remove => SamplesEditor.Replace(bytes, at, length, []),
            Edit.Cut => bytes[..at],
            _ => SamplesEditor.Replace(bytes, at, 1, [Octets[other % Octets.Length]]),
        };
    }

    /// <summary>None when the body is not JSON any more, or has half a character in a name.</summary>
    private static IReadOnlyList<JsonPlace> PlacesOf(byte[] json)
    {
        try
        {
            return SamplesEditor.Places(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string Run(char c, int count) => $"\"{new string(c, count)}\"";

    /// <param name="Place">Counted over all places or bytes, modulo their number.</param>
    /// <param name="Other">Chooses what is put there.</param>
    private readonly record struct Mutation(Edit Edit, int Place, int Other);
}

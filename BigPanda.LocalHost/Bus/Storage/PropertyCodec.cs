using System.Globalization;
using System.Runtime.Serialization;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Application properties: the value types AMQP and the SDK allow. Tags are stored on disk: never reuse one.</summary>
internal static class PropertyCodec
{
    public static void Write(ByteWriter writer, IDictionary<string, object?> properties)
    {
        writer.WriteInt32(properties.Count);
        foreach (var (name, value) in properties)
        {
            writer.WriteText(name);
            WriteValue(writer, value);
        }
    }

    /// <summary>Reads properties into <paramref name="properties"/>, replacing those of the same name.</summary>
    public static void ReadInto(ref ByteReader reader, IDictionary<string, object?> properties)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadText() ?? "";
            properties[name] = ReadValue(ref reader);
        }
    }

    private static void WriteValue(ByteWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteByte(0); break;
            case string text: WriteText(writer, 1, text); break;
            case bool flag: WriteNumber(writer, 2, flag ? 1 : 0); break;
            case byte number: WriteNumber(writer, 3, number); break;
            case sbyte number: WriteNumber(writer, 4, number); break;
            case short number: WriteNumber(writer, 5, number); break;
            case ushort number: WriteNumber(writer, 6, number); break;
            case int number: WriteNumber(writer, 7, number); break;
            case uint number: WriteNumber(writer, 8, number); break;
            case long number: WriteNumber(writer, 9, number); break;
            case ulong number: WriteNumber(writer, 10, unchecked((long)number)); break;
            case float number: WriteNumber(writer, 11, BitConverter.SingleToInt32Bits(number)); break;
            case double number: WriteNumber(writer, 12, BitConverter.DoubleToInt64Bits(number)); break;
            case char letter: WriteNumber(writer, 13, letter); break;
            case DateTime time: WriteNumber(writer, 14, time.ToBinary()); break;
            case TimeSpan span: WriteNumber(writer, 15, span.Ticks); break;
            case decimal number: WriteText(writer, 16, number.ToString(CultureInfo.InvariantCulture)); break;
            case Guid id: WriteText(writer, 17, id.ToString()); break;
            case Uri address: WriteText(writer, 18, address.OriginalString); break;
            case DateTimeOffset time: WriteText(writer, 19, time.ToString("O", CultureInfo.InvariantCulture)); break;
            default: throw new SerializationException($"An application property of type {value.GetType()} cannot be sent.");
        }
    }

    private static object? ReadValue(ref ByteReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => reader.ReadText(),
        2 => reader.ReadInt64() != 0,
        3 => (byte)reader.ReadInt64(),
        4 => (sbyte)reader.ReadInt64(),
        5 => (short)reader.ReadInt64(),
        6 => (ushort)reader.ReadInt64(),
        7 => (int)reader.ReadInt64(),
        8 => (uint)reader.ReadInt64(),
        9 => reader.ReadInt64(),
        10 => unchecked((ulong)reader.ReadInt64()),
        11 => BitConverter.Int32BitsToSingle((int)reader.ReadInt64()),
        12 => BitConverter.Int64BitsToDouble(reader.ReadInt64()),
        13 => (char)reader.ReadInt64(),
        14 => DateTime.FromBinary(reader.ReadInt64()),
        15 => TimeSpan.FromTicks(reader.ReadInt64()),
        16 => decimal.Parse(reader.ReadText() ?? "", CultureInfo.InvariantCulture),
        17 => Guid.Parse(reader.ReadText() ?? ""),
        18 => new Uri(reader.ReadText() ?? "", UriKind.RelativeOrAbsolute),
        19 => DateTimeOffset.Parse(reader.ReadText() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        var tag => throw new InvalidDataException($"Unknown property tag {tag}."),
    };

    private static void WriteNumber(ByteWriter writer, byte tag, long value)
    {
        writer.WriteByte(tag);
        writer.WriteInt64(value);
    }

    private static void WriteText(ByteWriter writer, byte tag, string value)
    {
        writer.WriteByte(tag);
        writer.WriteText(value);
    }
}

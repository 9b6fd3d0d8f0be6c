using System.Globalization;

namespace BigPanda.Functions.Messaging;

/// <summary>A stored body, and the partition of the day it was last stored or found in use.</summary>
internal sealed record PayloadAge(string Claim, string Partition)
{
    /// <summary>Sorts before every day's partition.</summary>
    public const string FirstPartition = "day-";

    public static string PartitionOf(DateTimeOffset day) => FirstPartition + day.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}

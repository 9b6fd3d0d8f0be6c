using System.Globalization;

namespace BigPanda.Functions.Messaging;

/// <summary>A stored body and the partition of the day that its age counts from.</summary>
internal sealed record PayloadAge(string Claim, string Partition)
{
    /// <summary>Before every day's.</summary>
    public const string FirstPartition = "day-";

    public static string PartitionOf(DateTimeOffset day) => FirstPartition + day.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}

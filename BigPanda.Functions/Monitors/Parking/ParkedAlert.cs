using BigPanda.Functions.Monitors.Messages;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>An alert that waits in the table.</summary>
/// <param name="Number">Its place among the alerts of its identity: the number of its message in the queue.</param>
/// <param name="Refusal">
/// Why BigPanda refused it for good. The row keeps its place until the next message of the identity: by then the message that was refused is a dead letter.
/// </param>
internal sealed record ParkedAlert(RelayedAlert Alert, long Number, string? Refusal = null)
{
    public string SourceId => Alert.SourceId;

    public string Identity => Alert.Identity;
}

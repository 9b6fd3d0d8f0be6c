using System.Diagnostics;

namespace BigPanda.Functions.Outbound;

/// <summary>
/// Tags the span of each call to a vendor with the called host, since a custom address does not show whose it is, and the names of our resources
/// contain "bigpanda". .NET creates the span inside the handler and passes it to the handler's propagator only.
/// </summary>
internal sealed class HostTagPropagator(string attribute) : DistributedContextPropagator
{
    private const string Call = "System.Net.Http.HttpRequestOut";

    public override IReadOnlyCollection<string> Fields => Current.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity?.OperationName == Call && carrier is HttpRequestMessage { RequestUri: { } address }) activity.SetTag(attribute, address.Host);
        Current.Inject(activity, carrier, setter);
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        Current.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        Current.ExtractBaggage(carrier, getter);
}

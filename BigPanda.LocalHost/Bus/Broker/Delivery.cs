using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>A message in the hands of a receiver.</summary>
internal sealed record Delivery(MessageEntry Entry, MessageLock Lock, ServiceBusReceivedMessage Message);
